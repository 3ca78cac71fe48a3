package io.bridgetower.model;

import io.bridgetower.engine.WeightPrecision;

/**
 * How a model runs.
 *
 * @param threads threads that work on a call, the calling one included; changes no bit of a result
 * @param weights how matrices are held in memory. {@link WeightPrecision#BF16} takes half the memory and loses what 16
 *     bits cannot hold; of a checkpoint in that type it loses nothing
 */
public record ModelOptions(int threads, WeightPrecision weights) {
    /** @throws IllegalArgumentException if there is not at least one thread */
    public ModelOptions {
        if (threads < 1) throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
    }

    /** With weights of 32 bits. */
    public ModelOptions(int threads) {
        this(threads, WeightPrecision.F32);
    }

    /** As many threads as the machine has processors, and weights of 32 bits. */
    public static ModelOptions defaults() {
        return new ModelOptions(Runtime.getRuntime().availableProcessors());
    }

    /** The same with another number of threads. */
    public ModelOptions withThreads(int number) {
        return new ModelOptions(number, weights);
    }

    /** The same with weights held in another way. */
    public ModelOptions withWeights(WeightPrecision precision) {
        return new ModelOptions(threads, precision);
    }
}
