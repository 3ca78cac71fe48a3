/**
 * Products of bf16, sums of floats: the units of processors that multiply bf16 many times as fast as floats. {@link
 * io.bridgetower.engine.bf16.Strips} is the layout of the operands and {@link io.bridgetower.engine.bf16.Bf16Kernel} what
 * multiplies them, in machine code or with the Vector API, which {@link io.bridgetower.engine.bf16.Bf16Kernels} chooses.
 */
package io.bridgetower.engine.bf16;
