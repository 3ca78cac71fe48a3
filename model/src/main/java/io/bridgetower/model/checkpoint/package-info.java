/**
 * Files of weights: safetensors and torch.save, whole or in shards, mapped into memory and trusted in nothing. A
 * {@link io.bridgetower.model.checkpoint.Checkpoint} opens a model directory and hands out
 * {@link io.bridgetower.model.checkpoint.Weights}; the rest reads and writes single files.
 */
package io.bridgetower.model.checkpoint;
