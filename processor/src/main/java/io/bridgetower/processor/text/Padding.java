package io.bridgetower.processor.text;

import java.util.Objects;

/**
 * How token sequences are brought to one length. Padding never shortens a sequence.
 *
 * <p>Made by {@link #NONE}, {@link #longest()}, {@link #toLength} and {@link #toModelLength}, and refined by
 * {@link #multipleOf} and {@link #on}.
 *
 * @param target what to pad to
 * @param length the length for {@link Target#LENGTH}, where {@link Integer#MAX_VALUE} stands for
 *     {@link Tokenizer#modelMaxLength()} (and nothing is padded if that is not known); 0 otherwise
 * @param multiple the length is rounded up to a multiple of this; 1 for no rounding
 * @param side where the padding goes; null for {@link Tokenizer#paddingSide()}
 */
public record Padding(Target target, int length, int multiple, Side side) {
    /** What to pad to. */
    public enum Target {
        /** Nothing: sequences keep their lengths. */
        NONE,
        /** The longest sequence of the batch. */
        LONGEST,
        /** A given length. */
        LENGTH
    }

    /** No padding. */
    public static final Padding NONE = new Padding(Target.NONE, 0, 1, null);

    /** @throws IllegalArgumentException if {@code length} is negative or {@code multiple} less than 1 */
    public Padding {
        Objects.requireNonNull(target, "target");
        if (length < 0) throw new IllegalArgumentException("length " + length + ": expected 0 or more");
        if (multiple < 1) throw new IllegalArgumentException("multiple " + multiple + ": expected 1 or more");
    }

    /** To the longest sequence of the batch, on the side that the tokenizer's files name. */
    public static Padding longest() {
        return new Padding(Target.LONGEST, 0, 1, null);
    }

    /** To {@code length} tokens, on the side that the tokenizer's files name. */
    public static Padding toLength(int length) {
        return new Padding(Target.LENGTH, length, 1, null);
    }

    /** To as many tokens as the model can read, on the side that the tokenizer's files name. */
    public static Padding toModelLength() {
        return toLength(Integer.MAX_VALUE);
    }

    /** The same, to a length that is a multiple of {@code multiple}. */
    public Padding multipleOf(int multiple) {
        return new Padding(target, length, multiple, side);
    }

    /** The same, on {@code side}. */
    public Padding on(Side side) {
        return new Padding(target, length, multiple, side);
    }

    /** The same, with what it leaves to the tokenizer. */
    Padding resolved(int modelLength, Side defaultSide) {
        if (length == Integer.MAX_VALUE && modelLength == Integer.MAX_VALUE) return NONE.on(defaultSide);
        int known = length == Integer.MAX_VALUE ? modelLength : length;
        return new Padding(target, known, multiple, side == null ? defaultSide : side);
    }

    /** The length for a batch whose longest sequence is {@code longest}; 0 where there is no padding. */
    int lengthFor(int longest) {
        int wanted = switch (target) {
            case NONE -> 0;
            case LONGEST -> longest;
            case LENGTH -> length;
        };
        return Math.multiplyExact(Math.ceilDiv(wanted, multiple), multiple);
    }
}
