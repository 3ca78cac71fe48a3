package io.bridgetower.processor.text;

import java.util.Objects;

/**
 * How token sequences are cut that are too long. The tokens that frame a text are counted, and never cut off.
 *
 * <p>Made by {@link #NONE}, {@link #longestFirst}, {@link #onlyFirst} and {@link #onlySecond}, and refined by
 * {@link #stride} and {@link #on}.
 *
 * @param strategy which text is cut
 * @param maxLength how many tokens may be left, special ones included, where {@link Integer#MAX_VALUE} stands for
 *     {@link Tokenizer#modelMaxLength()} (and nothing is cut if that is not known); 0 for {@link Strategy#NONE}
 * @param stride how many tokens of a window are repeated in the next, where the windows are asked for
 * @param side where tokens are cut off; null for {@link Tokenizer#truncationSide()}
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
    public static final Truncation NONE = new Truncation(Strategy.NONE, 0, 0, null);

    /** @throws IllegalArgumentException if {@code maxLength} or {@code stride} is negative */
    public Truncation {
        Objects.requireNonNull(strategy, "strategy");
        if (maxLength < 0) throw new IllegalArgumentException("maxLength " + maxLength + ": expected 0 or more");
        if (stride < 0) throw new IllegalArgumentException("stride " + stride + ": expected 0 or more");
    }

    /** To as many tokens as the model can read, from the longer text. */
    public static Truncation longestFirst() {
        return longestFirst(Integer.MAX_VALUE);
    }

    /** To {@code maxLength} tokens, from the longer text, at the end that the tokenizer's files name. */
    public static Truncation longestFirst(int maxLength) {
        return new Truncation(Strategy.LONGEST_FIRST, maxLength, 0, null);
    }

    /** To as many tokens as the model can read, from the first text. */
    public static Truncation onlyFirst() {
        return onlyFirst(Integer.MAX_VALUE);
    }

    /** To {@code maxLength} tokens, from the first text, at the end that the tokenizer's files name. */
    public static Truncation onlyFirst(int maxLength) {
        return new Truncation(Strategy.ONLY_FIRST, maxLength, 0, null);
    }

    /** To as many tokens as the model can read, from the second text. */
    public static Truncation onlySecond() {
        return onlySecond(Integer.MAX_VALUE);
    }

    /** To {@code maxLength} tokens, from the second text, at the end that the tokenizer's files name. */
    public static Truncation onlySecond(int maxLength) {
        return new Truncation(Strategy.ONLY_SECOND, maxLength, 0, null);
    }

    /** The same, with windows that share {@code stride} tokens. */
    public Truncation stride(int stride) {
        return new Truncation(strategy, maxLength, stride, side);
    }

    /** The same, from {@code side}. */
    public Truncation on(Side side) {
        return new Truncation(strategy, maxLength, stride, side);
    }

    /**
     * The same for a model: a length that is left open becomes the longest that the model reads.
     *
     * @param longest tokens that the model reads at the most
     * @throws IllegalArgumentException if more tokens than that may be left
     */
    public Truncation within(int longest) {
        if (strategy == Strategy.NONE) return this;
        if (maxLength == Integer.MAX_VALUE) return new Truncation(strategy, longest, stride, side);
        if (maxLength <= longest) return this;
        throw new IllegalArgumentException(
                "max length: the model reads " + longest + " tokens at most, found " + maxLength);
    }

    /** The same, with what it leaves to the tokenizer. */
    Truncation resolved(int modelLength, Side defaultSide) {
        if (maxLength == Integer.MAX_VALUE && modelLength == Integer.MAX_VALUE) return NONE.on(defaultSide);
        int known = maxLength == Integer.MAX_VALUE ? modelLength : maxLength;
        return new Truncation(strategy, known, stride, side == null ? defaultSide : side);
    }
}
