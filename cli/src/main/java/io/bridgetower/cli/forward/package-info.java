/** The command {@code forward}: everything that a model computes, as safetensors. */
package io.bridgetower.cli.forward;
