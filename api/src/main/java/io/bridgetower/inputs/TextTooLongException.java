package io.bridgetower.inputs;

/** A text has more tokens than the model has positions for. */
public final class TextTooLongException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TextTooLongException(String message) {
        super(message);
    }
}
