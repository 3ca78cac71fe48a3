/**
 * The {@code bridgetower} command. Each family of commands has a package; options that several share are in {@code
 * options}, what writes to a terminal in {@code terminal}.
 */
package io.bridgetower.cli;
