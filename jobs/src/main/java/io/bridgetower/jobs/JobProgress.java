package io.bridgetower.jobs;

/** Is told how far a job over files has come. */
@FunctionalInterface
public interface JobProgress {
    /**
     * Called on the thread that runs the job: once when it starts, and after every row.
     *
     * @param done rows that have a result, those of earlier runs included
     * @param failed how many of them could not be computed
     * @param total rows of the input
     */
    void at(long done, long failed, long total);
}
