package io.bridgetower.search;

/**
 * Something that was left out.
 *
 * @param name a path or a text
 * @param problem why; its message may, but need not, hold the name
 */
public record Skipped(String name, Throwable problem) {}
