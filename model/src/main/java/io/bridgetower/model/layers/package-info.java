/**
 * The layers of the paper, a type each: towers and their blocks, bridges, link towers, cross-modal layers, poolers. The
 * fields of a layer are its weights, its {@code forward} is the equation. Begin with {@link
 * io.bridgetower.model.layers.Trunk}: encode the texts, encode the images, fuse.
 */
package io.bridgetower.model.layers;
