package io.bridgetower.processor;

/** An end of a token sequence. */
public enum Side {
    LEFT,
    RIGHT
}
