package io.bridgetower.processor.text;

/**
 * A stretch of text, which may be empty.
 *
 * @param start where it starts
 * @param end where it ends: the place after its last unit
 */
public record Span(int start, int end) {}
