package io.bridgetower.jobs.rows;

/**
 * What a job has done.
 *
 * @param rows all that it has seen
 * @param failed those that became {@link Outcome.Failed}
 */
public record JobSummary(long rows, long failed) {}
