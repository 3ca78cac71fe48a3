/**
 * Products with weights: {@link io.bridgetower.engine.matmul.Linear} is a layer, {@code Matmul} its loops, {@code
 * TileCompiler} writes the micro-kernel, {@code TileShape} has all block sizes. Begin with {@code Linear}.
 */
package io.bridgetower.engine.matmul;
