package io.bridgetower.search;

import io.bridgetower.search.index.Item;

/**
 * An item that was read together with the query.
 *
 * @param similarity of the vectors, by which it was proposed
 * @param probability that text and image match, by which it is ranked
 */
public record Ranked<T extends Item>(T item, double similarity, double probability) {}
