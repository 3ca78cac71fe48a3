package io.bridgetower.processor;

import java.util.Objects;

/**
 * How token sequences are brought to one length. Padding never shortens a sequence.
 *
 * <p>Made by {@link #NONE}, {@link #longest()} and {@link #toLength}, and refined by {@link #multipleOf} and
 * {@link #on}.
 *
 * @param target what to pad to
 * @param length the length for {@link Target#LENGTH}; 0 otherwise
 * @param multiple the length is rounded up to a multiple of this; 1 for no rounding
 * @param side where the padding goes
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
    public static final Padding NONE = new Padding(Target.NONE, 0, 1, Side.RIGHT);

    /** @throws IllegalArgumentException if {@code length} is negative or {@code multiple} less than 1 */
    public Padding {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(side, "side");
        if (length < 0) throw new IllegalArgumentException("length " + length + ": expected 0 or more");
        if (multiple < 1) throw new IllegalArgumentException("multiple " + multiple + ": expected 1 or more");
    }

    /** On the right, to the longest sequence of the batch. */
    public static Padding longest() {
        return new Padding(Target.LONGEST, 0, 1, Side.RIGHT);
    }

    /** On the right, to {@code length} tokens. */
    public static Padding toLength(int length) {
        return new Padding(Target.LENGTH, length, 1, Side.RIGHT);
    }

    /** The same, to a length that is a multiple of {@code multiple}. */
    public Padding multipleOf(int multiple) {
        return new Padding(target, length, multiple, side);
    }

    /** The same, on {@code side}. */
    public Padding on(Side side) {
        return new Padding(target, length, multiple, side);
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
