package io.bridgetower.search;

/** Is told how far indexing has come, on the thread that indexes. */
public interface IndexProgress {
    /**
     * Called once at the start, and then after every item.
     *
     * @param done items that are in the index or skipped
     * @param skipped how many of these are skipped
     * @param total items in all
     */
    void at(long done, long skipped, long total);

    /** Called for what cannot be indexed. */
    void skipped(Skipped item);
}
