/** Tensors over off-heap memory and the SIMD kernels that work on them. */
module io.bridgetower.engine {
    requires jdk.incubator.vector;

    exports io.bridgetower.engine;
    exports io.bridgetower.engine.peak;
    exports io.bridgetower.engine.attention to
            io.bridgetower.model,
            io.bridgetower.bench;
    exports io.bridgetower.engine.bf16 to
            io.bridgetower.model,
            io.bridgetower.bench;
    exports io.bridgetower.engine.kernel to
            io.bridgetower.model,
            io.bridgetower.bench;
    exports io.bridgetower.engine.matmul to
            io.bridgetower.model,
            io.bridgetower.bench;
    exports io.bridgetower.engine.runtime to
            io.bridgetower.model,
            io.bridgetower.bench;
    exports io.bridgetower.engine.warmup to
            io.bridgetower.model,
            io.bridgetower.bench;
}
