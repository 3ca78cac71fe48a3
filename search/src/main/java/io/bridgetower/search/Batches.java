package io.bridgetower.search;

/** How many items are computed or committed together. */
final class Batches {
    /** Groups that each thread of a model takes from a batch that is sharded, so that none waits long for the last. */
    private static final int PER_THREAD = 4;

    /** Beyond this, more items in a batch gain nothing and hold memory. */
    private static final int LARGE = 64;

    /** Items between two commits: what is lost when a process dies. A commit takes a tenth of a second. */
    static final int COMMIT = 256;

    private Batches() {}

    /** A multiple of the processors, so that a model's threads have as many items each. */
    static int size() {
        int threads = Runtime.getRuntime().availableProcessors();
        return threads * Math.clamp(LARGE / threads, 1, PER_THREAD);
    }
}
