/** The command {@code bench}. */
package io.bridgetower.cli.bench;
