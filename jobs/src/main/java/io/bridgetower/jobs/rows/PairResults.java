package io.bridgetower.jobs.rows;

import java.util.Iterator;

/**
 * The results of a job, one for each row in the order of the rows, computed as they are asked for. Used by one thread at a
 * time.
 *
 * @param <K> type of the ids
 */
public interface PairResults<K> extends Iterator<PairResult<K>>, AutoCloseable {
    /** Images that have been encoded so far; an image that many rows name counts once, unless there was no room to keep it. */
    long encodedImages();

    /**
     * Ends the run, wherever it is: ends its threads and frees its memory. There are no results afterwards. Closing again does
     * nothing.
     */
    @Override
    void close();
}
