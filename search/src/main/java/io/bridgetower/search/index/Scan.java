package io.bridgetower.search.index;

/** How to find nearest neighbours. */
public enum Scan {
    /** Compares with all vectors where these are few, else walks a graph, which may miss some neighbours. */
    AUTOMATIC,
    /** Compares with all vectors. */
    EXACT
}
