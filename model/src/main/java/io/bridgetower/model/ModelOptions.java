package io.bridgetower.model;

import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.model.runtime.ModelMemory;

/**
 * How a model is loaded and runs.
 *
 * @param threads threads that work on a call, the calling one included; changes no bit of a result
 * @param weights how matrices are held in memory. {@link WeightPrecision#BF16} takes half the memory and loses what 16
 *     bits cannot hold; of a checkpoint in that type it loses nothing
 * @param maxConcurrentCalls calls that compute at the same time. Others wait in the order in which they came. Each call
 *     that computes takes memory for its intermediate results, and more calls than processors are no faster
 * @param variant of the weights in a model directory, as {@code save_pretrained} names it; null for those without one.
 *     A {@code Checkpoint} that is open already has its own
 */
public record ModelOptions(int threads, WeightPrecision weights, int maxConcurrentCalls, String variant) {
    /** While one call ends, another computes. */
    private static final int MIN_CALLS = 2;

    /** @throws IllegalArgumentException if there is not at least one thread and one call */
    public ModelOptions {
        if (threads < 1) throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
        if (maxConcurrentCalls < 1) {
            throw new IllegalArgumentException("maxConcurrentCalls: expected at least 1, found " + maxConcurrentCalls);
        }
    }

    /** With as many concurrent calls as the machine has processors, at least 2, and the weights without a variant. */
    public ModelOptions(int threads, WeightPrecision weights) {
        this(threads, weights, Math.max(MIN_CALLS, Runtime.getRuntime().availableProcessors()), null);
    }

    /** As {@link #ModelOptions(int, WeightPrecision)}, with weights of 32 bits. */
    public ModelOptions(int threads) {
        this(threads, WeightPrecision.F32);
    }

    /** As many threads as the machine has processors, as many concurrent calls but at least 2, and weights of 32 bits. */
    public static ModelOptions defaults() {
        return new ModelOptions(Runtime.getRuntime().availableProcessors());
    }

    /** The same with another number of threads. */
    public ModelOptions withThreads(int number) {
        return new ModelOptions(number, weights, maxConcurrentCalls, variant);
    }

    /** The same with weights held in another way. */
    public ModelOptions withWeights(WeightPrecision precision) {
        return new ModelOptions(threads, precision, maxConcurrentCalls, variant);
    }

    /** The same with another bound of concurrent calls. */
    public ModelOptions withMaxConcurrentCalls(int number) {
        return new ModelOptions(threads, weights, number, variant);
    }

    /** The same with another variant of the weights, which may be null. */
    public ModelOptions withVariant(String name) {
        return new ModelOptions(threads, weights, maxConcurrentCalls, name);
    }

    /** What a model with these options owns. */
    ModelMemory newMemory() {
        return new ModelMemory(threads, weights, maxConcurrentCalls);
    }
}
