/** Standard streams, tables, JSON, files and error messages. */
package io.bridgetower.cli.terminal;
