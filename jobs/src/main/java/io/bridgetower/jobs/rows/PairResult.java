package io.bridgetower.jobs.rows;

/**
 * What became of a row.
 *
 * @param id of the row
 * @param <K> type of the ids
 */
public record PairResult<K>(K id, Outcome outcome) {}
