package io.bridgetower.server.compute;

import java.nio.IntBuffer;

/**
 * A text as the model reads it. Texts with the same tokens are equal.
 *
 * @param ids token ids, special tokens included; not to be written to
 */
public record TextTokens(int[] ids) {
    /** Number of tokens. */
    public int count() {
        return ids.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextTokens tokens && IntBuffer.wrap(ids).equals(IntBuffer.wrap(tokens.ids));
    }

    @Override
    public int hashCode() {
        return IntBuffer.wrap(ids).hashCode();
    }
}
