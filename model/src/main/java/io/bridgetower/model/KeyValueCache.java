package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.model.runtime.Trace;
import java.util.Arrays;

/**
 * Keys and values of the tokens that a decoder has seen, so that a later call computes only the new ones. Belongs to one
 * batch and one model; used by one thread at a time. {@link #close} frees its memory, as does the garbage collector when
 * the cache is no longer reachable.
 */
public final class KeyValueCache implements AutoCloseable {
    private static final int FIRST_CAPACITY = 16;

    private final Tensor[] self;
    private final Tensor[] cross;
    private int texts = -1;
    private int length;
    private boolean closed;

    /** @param layers of the decoder */
    KeyValueCache(int layers) {
        self = new Tensor[layers];
        cross = new Tensor[layers];
    }

    /** Number of tokens of each text that are in the cache. */
    public int length() {
        return length;
    }

    /** Frees the memory; a later call with the cache throws {@link IllegalStateException}. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        close(self);
        close(cross);
    }

    private static void close(Tensor[] tensors) {
        for (Tensor tensor : tensors) if (tensor != null) tensor.close();
    }

    /**
     * @throws IllegalArgumentException if the cache belongs to a batch of another size
     * @throws IllegalStateException if it is closed
     */
    void checkTexts(int number) {
        if (closed) throw new IllegalStateException("the cache is closed");
        if (texts >= 0 && texts != number) {
            throw new IllegalArgumentException("the cache holds " + texts + " texts, found " + number);
        }
    }

    /** Makes the cache that of a batch of so many texts. */
    void begin(int number) {
        texts = number;
        // A first call that failed may have left some.
        if (length == 0) Arrays.fill(cross, null);
    }

    /**
     * Adds the new rows of a layer behind the old ones.
     *
     * @param added [texts · tokens, 2 · hidden], the same number of tokens for every text
     * @return the rows of all tokens; text i's begin at {@code i * stride}
     */
    Matrix append(int layer, Matrix added) {
        int tokens = texts == 0 ? 0 : added.rows() / texts, needed = length + tokens, columns = added.columns();
        Tensor old = self[layer];
        if (old == null || old.dim(1) < needed) {
            int capacity = Math.max(FIRST_CAPACITY, Math.max(needed, old == null ? 0 : 2 * old.dim(1)));
            self[layer] = Tensor.allocate(texts, capacity, columns);
            for (int text = 0; old != null && text < texts; text++) {
                Trace.copy(Matrix.of(old.slice(text, 1)).rows(0, length), self[layer], text);
            }
            if (old != null) old.close();
        }
        Matrix all = Matrix.of(self[layer]);
        for (int row = 0; row < added.rows(); row++) {
            Rows.copy(added, row, all, row / tokens * stride(layer) + length + row % tokens);
        }
        return all;
    }

    /** Rows from one text to the next. */
    int stride(int layer) {
        return self[layer].dim(1);
    }

    /** Keys and values of the encoder, kept from the first call; null before it. */
    Matrix cross(int layer) {
        return cross[layer] == null ? null : Matrix.of(cross[layer]);
    }

    /** Keeps a copy of the encoder's keys and values. */
    Matrix keepCross(int layer, Matrix keyValues) {
        cross[layer] = Tensor.allocate(1, keyValues.rows(), keyValues.columns());
        Trace.copy(keyValues, cross[layer], 0);
        return Matrix.of(cross[layer]);
    }

    /** Counts the tokens that every layer has appended. */
    void advance(int tokens) {
        length += tokens;
    }
}
