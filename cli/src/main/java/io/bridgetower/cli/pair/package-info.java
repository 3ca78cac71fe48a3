/** Commands on images and texts: {@code score}, {@code fill}, {@code embed}, {@code explain}. */
package io.bridgetower.cli.pair;
