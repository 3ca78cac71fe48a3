package io.bridgetower.search;

/** What an index holds a vector of. */
public sealed interface Item permits Picture, Caption {}
