/**
 * The front door: {@link io.bridgetower.BridgeTower} loads a model and scores, ranks, completes and embeds images and texts.
 * Begin there.
 */
package io.bridgetower;
