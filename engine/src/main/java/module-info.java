/** Tensors over off-heap memory and the SIMD kernels that work on them. */
module io.bridgetower.engine {
    requires jdk.incubator.vector;

    exports io.bridgetower.engine;
}
