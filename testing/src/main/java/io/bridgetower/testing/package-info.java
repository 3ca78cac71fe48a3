/** What the tests of several modules share. Not published. */
package io.bridgetower.testing;
