/**
 * Attention in all its forms: masked, causal, with relative positions, to few keys. Begin with {@link
 * io.bridgetower.engine.attention.Attention}.
 */
package io.bridgetower.engine.attention;
