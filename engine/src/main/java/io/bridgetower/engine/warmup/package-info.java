/** Runs kernels until the JIT compiler has compiled them, while a model loads. */
package io.bridgetower.engine.warmup;
