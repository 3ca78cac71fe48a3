package io.bridgetower.processor.text;

import io.bridgetower.processor.text.bpe.TokenRun;
import java.util.Arrays;

/**
 * Tokens in the order in which the model reads them, each with its origin and the characters that it was made from.
 * Filled once, then read only.
 */
final class TokenSequence {
    /** Where a token comes from. */
    static final byte FIRST_TEXT = 0;

    static final byte SECOND_TEXT = 1;
    static final byte FRAME = 2;
    static final byte PADDING = 3;

    final int[] ids;
    final byte[] origins;
    final int[] starts;
    final int[] ends;
    private int filled;

    TokenSequence(int length) {
        ids = new int[length];
        origins = new byte[length];
        starts = new int[length];
        ends = new int[length];
    }

    int length() {
        return ids.length;
    }

    /** Appends a token that stands for no text. */
    void append(int id, byte origin) {
        ids[filled] = id;
        origins[filled++] = origin;
    }

    /** Appends tokens of a text. */
    void append(TokenRun run, TokenWindows.Window window, byte origin) {
        run.copy(window.from(), window.to(), ids, starts, ends, filled);
        int next = filled + window.to() - window.from();
        Arrays.fill(origins, filled, next, origin);
        filled = next;
    }

    /** The same tokens with padding up to {@code length}; this if they reach it. */
    TokenSequence padded(int length, int padId, Side side) {
        int missing = length - length();
        if (missing <= 0) return this;
        TokenSequence padded = new TokenSequence(length);
        if (side == Side.LEFT) padded.pad(missing, padId);
        System.arraycopy(ids, 0, padded.ids, padded.filled, length());
        System.arraycopy(origins, 0, padded.origins, padded.filled, length());
        System.arraycopy(starts, 0, padded.starts, padded.filled, length());
        System.arraycopy(ends, 0, padded.ends, padded.filled, length());
        padded.filled += length();
        if (side == Side.RIGHT) padded.pad(missing, padId);
        return padded;
    }

    boolean isText(int at) {
        return origins[at] <= SECOND_TEXT;
    }

    private void pad(int count, int padId) {
        for (int i = 0; i < count; i++) append(padId, PADDING);
    }
}
