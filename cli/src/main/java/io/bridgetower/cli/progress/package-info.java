/** Progress lines of long commands, and what an interrupted one says. */
package io.bridgetower.cli.progress;
