/** Kernels on rows: LayerNorm, copying, adding and normalizing rows, and tables of embeddings. */
package io.bridgetower.engine.kernel;
