/** How many operations a processor can do in a second, which measurements are compared with. */
package io.bridgetower.engine.peak;
