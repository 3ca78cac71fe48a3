/**
 * Attention between few rows and many, with the weights that project the many multiplied with the few instead.
 * {@link io.bridgetower.model.layers.absorbed.Absorption} is the door, {@link
 * io.bridgetower.model.layers.absorbed.AttentionCost} the rule by which it is chosen.
 */
package io.bridgetower.model.layers.absorbed;
