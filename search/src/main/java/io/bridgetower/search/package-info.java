/**
 * Search in two stages. {@link io.bridgetower.search.ImageIndexer} and {@link io.bridgetower.search.CaptionIndexer} fill
 * an index with unit vectors; {@link io.bridgetower.search.Proposer} finds the nearest to a query's;
 * {@link io.bridgetower.search.Reranker} reads the best of them together with the query.
 */
package io.bridgetower.search;
