package io.bridgetower.jobs.table;

import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.RowId;

/** Results as the text of a file. */
public interface ResultText {
    /** What stands before the first. */
    String header();

    /** One result, its line end included. */
    String line(PairResult<RowId> result);
}
