/** Options that several commands share. */
package io.bridgetower.cli.options;
