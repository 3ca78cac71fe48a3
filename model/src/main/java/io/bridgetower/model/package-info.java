/**
 * BridgeTower: the model, its heads, its towers alone, encodings of texts and images that can be kept, and options.
 * Begin with {@link io.bridgetower.model.BridgeTowerModel}; {@link io.bridgetower.model.layers.Trunk} is how a batch runs.
 */
package io.bridgetower.model;
