/** The command {@code evaluate}: the measures of the paper's tasks on the data sets' own files. */
package io.bridgetower.cli.evaluate;
