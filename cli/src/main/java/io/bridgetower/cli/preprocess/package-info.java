/** The commands {@code tokenize} and {@code preprocess}. */
package io.bridgetower.cli.preprocess;
