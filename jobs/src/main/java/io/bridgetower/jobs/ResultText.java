package io.bridgetower.jobs;

/** Results as the text of a file. */
interface ResultText {
    /** What stands before the first. */
    String header();

    /** One result, its line end included. */
    String line(PairResult<RowId> result);
}
