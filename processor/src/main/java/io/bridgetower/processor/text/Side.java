package io.bridgetower.processor.text;

/** An end of a token sequence. */
public enum Side {
    LEFT,
    RIGHT
}
