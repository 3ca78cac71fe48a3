package io.bridgetower.model;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.bf16.Bf16Kernels;
import io.bridgetower.model.runtime.ModelMemory;
import io.bridgetower.model.runtime.Precision;

/**
 * How a model is loaded and runs.
 *
 * @param threads threads that work on a call, the calling one included; changes no bit of a result
 * @param weights how matrices are held in memory. {@link WeightPrecision#BF16} takes half the memory and loses what 16
 *     bits cannot hold; of a checkpoint in that type it loses nothing
 * @param precision how exactly matrix products are computed. Less than {@link ProductPrecision#F32} is faster where the
 *     processor has units for it, and slower where it has none: see {@link #fastest}
 * @param maxConcurrentCalls calls that compute at the same time. Others wait in the order in which they came. Each call
 *     that computes takes memory for its intermediate results, and more calls than processors are no faster
 * @param variant of the weights in a model directory, as {@code save_pretrained} names it; null for those without one.
 *     A {@code Checkpoint} that is open already has its own
 */
public record ModelOptions(
        int threads, WeightPrecision weights, ProductPrecision precision, int maxConcurrentCalls, String variant) {
    /** While one call ends, another computes. */
    private static final int MIN_CALLS = 2;

    /** @throws IllegalArgumentException if there is not at least one thread and one call */
    public ModelOptions {
        if (threads < 1) throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
        if (maxConcurrentCalls < 1) {
            throw new IllegalArgumentException("maxConcurrentCalls: expected at least 1, found " + maxConcurrentCalls);
        }
    }

    /** With products of 32 bits, as many concurrent calls as the machine has processors, at least 2, and the weights without a variant. */
    public ModelOptions(int threads, WeightPrecision weights) {
        this(
                threads,
                weights,
                ProductPrecision.F32,
                Math.max(MIN_CALLS, Runtime.getRuntime().availableProcessors()),
                null);
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
        return new ModelOptions(number, weights, precision, maxConcurrentCalls, variant);
    }

    /** The same with weights held in another way. */
    public ModelOptions withWeights(WeightPrecision type) {
        return new ModelOptions(threads, type, precision, maxConcurrentCalls, variant);
    }

    /** The same with other products. */
    public ModelOptions withPrecision(ProductPrecision products) {
        return new ModelOptions(threads, weights, products, maxConcurrentCalls, variant);
    }

    /**
     * The precision of products that is the fastest on this machine among those whose stated error a caller allows, {@link
     * ProductPrecision#F32} if there is none.
     *
     * @param maxError as a part of a result's largest element: see {@link ProductPrecision#error}
     */
    public static ProductPrecision fastest(double maxError) {
        return Bf16Kernels.fastest(maxError);
    }

    /**
     * What multiplies 16-bit numbers on this machine, and why nothing faster does, as in {@code AVX512-BF16 (AMX-BF16: the
     * processor has no amx_tile)}.
     */
    public static String bf16Unit() {
        return Bf16Kernels.report();
    }

    /** The same with another bound of concurrent calls. */
    public ModelOptions withMaxConcurrentCalls(int number) {
        return new ModelOptions(threads, weights, precision, number, variant);
    }

    /** The same with another variant of the weights, which may be null. */
    public ModelOptions withVariant(String name) {
        return new ModelOptions(threads, weights, precision, maxConcurrentCalls, name);
    }

    /** What a model with these options owns. */
    ModelMemory newMemory() {
        return new ModelMemory(threads, new Precision(weights, precision), maxConcurrentCalls);
    }
}
