package io.bridgetower.search.index;

/**
 * An item whose vector is near.
 *
 * @param similarity the cosine of the angle between the vectors, from -1 to 1
 */
public record Hit<T extends Item>(T item, double similarity) {}
