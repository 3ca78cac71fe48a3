/** Transformers of Apache Spark's ML that score, embed and fill image-text pairs. Begin with {@code BridgeTowerScorer}. */
package io.bridgetower.spark;
