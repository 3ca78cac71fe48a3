/** The commands {@code index} and {@code search}. */
package io.bridgetower.cli.search;
