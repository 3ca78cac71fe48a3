package io.bridgetower.processor.text;

import java.util.Objects;

/**
 * What to do with texts beyond finding their tokens. Immutable: each method gives a changed copy of {@link #DEFAULT} or
 * of another.
 *
 * @param specialTokens whether texts are framed by the tokens that the model expects around them
 * @param padding how sequences are brought to one length
 * @param truncation how long sequences are cut
 * @param windows whether what truncation cuts off is kept as further sequences
 */
public record EncodingOptions(boolean specialTokens, Padding padding, Truncation truncation, boolean windows) {
    /** With special tokens; no padding, no truncation. */
    public static final EncodingOptions DEFAULT = new EncodingOptions(true, Padding.NONE, Truncation.NONE, false);

    /**
     * @throws IllegalArgumentException if sequences are both cut and padded, to a length that is not a multiple of the
     *     padding's
     */
    public EncodingOptions {
        Objects.requireNonNull(padding, "padding");
        Objects.requireNonNull(truncation, "truncation");
        if (padding.target() != Padding.Target.NONE
                && truncation.strategy() != Truncation.Strategy.NONE
                && truncation.maxLength() != Integer.MAX_VALUE
                && truncation.maxLength() % padding.multiple() != 0) {
            throw new IllegalArgumentException("truncation to " + truncation.maxLength()
                    + " tokens and padding to a multiple of " + padding.multiple() + " exclude each other");
        }
    }

    /** The same with or without special tokens. */
    public EncodingOptions specialTokens(boolean specialTokens) {
        return new EncodingOptions(specialTokens, padding, truncation, windows);
    }

    /** The same with this padding. */
    public EncodingOptions padding(Padding padding) {
        return new EncodingOptions(specialTokens, padding, truncation, windows);
    }

    /** The same with this truncation. */
    public EncodingOptions truncation(Truncation truncation) {
        return new EncodingOptions(specialTokens, padding, truncation, windows);
    }

    /** The same with or without the windows behind the first. */
    public EncodingOptions windows(boolean windows) {
        return new EncodingOptions(specialTokens, padding, truncation, windows);
    }

    /** The same, with what it leaves to {@code tokenizer}. */
    EncodingOptions resolved(Tokenizer tokenizer) {
        int modelLength = tokenizer.modelMaxLength();
        return new EncodingOptions(
                specialTokens,
                padding.resolved(modelLength, tokenizer.paddingSide()),
                truncation.resolved(modelLength, tokenizer.truncationSide()),
                windows);
    }
}
