package io.bridgetower.search.index;

/** What an index holds a vector of. */
public sealed interface Item permits IndexedImage, Caption {}
