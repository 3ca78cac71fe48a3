/** Safetensors files, read and written. */
package io.bridgetower.model.checkpoint.safetensors;
