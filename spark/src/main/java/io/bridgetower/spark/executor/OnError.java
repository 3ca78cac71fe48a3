package io.bridgetower.spark.executor;

/** What becomes of a row that cannot be computed. */
public enum OnError {
    /** It has an error and no result. */
    KEEP,
    /** It is left out. */
    DROP,
    /** It ends the task, and so the query. */
    FAIL
}
