/**
 * Tensors, and what a program asks of the engine: activations, the precision of weights, the width of vectors. Begin with
 * {@link io.bridgetower.engine.Tensor}. The kernels are in the packages below, for the model and the benchmarks alone.
 */
package io.bridgetower.engine;
