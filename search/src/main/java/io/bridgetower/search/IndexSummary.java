package io.bridgetower.search;

/**
 * What became of items that were to be indexed.
 *
 * @param added embedded, for the first time or again
 * @param unchanged in the index already
 * @param skipped could not be embedded
 */
public record IndexSummary(long added, long unchanged, long skipped) {}
