package io.bridgetower.model.outputs;

/**
 * Takes the logits of masked language modelling, one token at a time.
 *
 * @param <X> what it may throw; {@link RuntimeException} for nothing in particular
 */
@FunctionalInterface
public interface LogitsConsumer<X extends Exception> {
    /**
     * Takes the logits of one token.
     *
     * @param pair which text, or which pair of a pairing
     * @param token its index in the text
     * @param logits of the vocabulary; the consumer's to keep or change
     */
    void accept(int pair, int token, float[] logits) throws X;
}
