/**
 * From texts and images to what a model reads: token ids that it has positions for, and pixels of the shape that it takes.
 * Shared by everything that computes; a user of {@link io.bridgetower.BridgeTower} does not need it.
 */
package io.bridgetower.inputs;
