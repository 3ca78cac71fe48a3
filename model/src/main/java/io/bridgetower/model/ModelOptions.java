package io.bridgetower.model;

/**
 * How a model runs. Nothing here changes a bit of its results.
 *
 * @param threads threads that work on a call, the calling one included
 */
public record ModelOptions(int threads) {
    /** @throws IllegalArgumentException if there is not at least one thread */
    public ModelOptions {
        if (threads < 1) throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
    }

    /** As many threads as the machine has processors. */
    public static ModelOptions defaults() {
        return new ModelOptions(Runtime.getRuntime().availableProcessors());
    }

    /** The same with another number of threads. */
    public ModelOptions withThreads(int number) {
        return new ModelOptions(number);
    }
}
