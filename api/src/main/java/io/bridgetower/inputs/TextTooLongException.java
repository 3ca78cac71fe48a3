package io.bridgetower.inputs;

/** A text has more tokens than the model has positions for. */
public final class TextTooLongException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int tokens;
    private final int maxTokens;

    /** @param quoted the beginning of the text */
    TextTooLongException(String quoted, int tokens, int maxTokens) {
        super("the text \"" + quoted + "\" has " + tokens + " tokens, the model reads " + maxTokens + " at most");
        this.tokens = tokens;
        this.maxTokens = maxTokens;
    }

    /** Tokens of the text, special tokens included. */
    public int tokens() {
        return tokens;
    }

    /** Tokens that the model reads at most. */
    public int maxTokens() {
        return maxTokens;
    }
}
