package io.bridgetower.processor;

import java.util.Objects;

/**
 * How token sequences are cut that are too long. The tokens that frame a text are counted, and never cut off.
 *
 * <p>Made by {@link #NONE}, {@link #longestFirst}, {@link #onlyFirst} and {@link #onlySecond}, and refined by
 * {@link #stride} and {@link #on}.
 *
 * @param strategy which text is cut
 * @param maxLength how many tokens may be left, special ones included; 0 for {@link Strategy#NONE}
 * @param stride how many tokens of a window are repeated in the next, where the windows are asked for
 * @param side where tokens are cut off
 */
public record Truncation(Strategy strategy, int maxLength, int stride, Side side) {
    /** Which of two texts is cut. A single text is the first. */
    public enum Strategy {
        /** Neither. */
        NONE,
        /** The longer one; both to about the same length if that is not enough. */
        LONGEST_FIRST,
        /** The first. */
        ONLY_FIRST,
        /** The second. */
        ONLY_SECOND
    }

    /** No truncation. */
    public static final Truncation NONE = new Truncation(Strategy.NONE, 0, 0, Side.RIGHT);

    /** @throws IllegalArgumentException if {@code maxLength} or {@code stride} is negative */
    public Truncation {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(side, "side");
        if (maxLength < 0) throw new IllegalArgumentException("maxLength " + maxLength + ": expected 0 or more");
        if (stride < 0) throw new IllegalArgumentException("stride " + stride + ": expected 0 or more");
    }

    /** To {@code maxLength} tokens, from the right end of the longer text. */
    public static Truncation longestFirst(int maxLength) {
        return new Truncation(Strategy.LONGEST_FIRST, maxLength, 0, Side.RIGHT);
    }

    /** To {@code maxLength} tokens, from the right end of the first text. */
    public static Truncation onlyFirst(int maxLength) {
        return new Truncation(Strategy.ONLY_FIRST, maxLength, 0, Side.RIGHT);
    }

    /** To {@code maxLength} tokens, from the right end of the second text. */
    public static Truncation onlySecond(int maxLength) {
        return new Truncation(Strategy.ONLY_SECOND, maxLength, 0, Side.RIGHT);
    }

    /** The same, with windows that share {@code stride} tokens. */
    public Truncation stride(int stride) {
        return new Truncation(strategy, maxLength, stride, side);
    }

    /** The same, from {@code side}. */
    public Truncation on(Side side) {
        return new Truncation(strategy, maxLength, stride, side);
    }
}
