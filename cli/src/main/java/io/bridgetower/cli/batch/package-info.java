/** The command {@code batch}. */
package io.bridgetower.cli.batch;
