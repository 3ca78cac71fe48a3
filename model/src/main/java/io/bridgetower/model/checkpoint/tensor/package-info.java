/** Tensors in files, whatever the format: their types, shapes and bytes, and sharding. */
package io.bridgetower.model.checkpoint.tensor;
