package io.bridgetower.model;

import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.inputs.EncodingPrecision;
import io.bridgetower.model.runtime.EncodingMemory;
import io.bridgetower.model.runtime.Holding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;

/**
 * A text or an image as the cross-modal layers read it: for each of them, the output of its tower carried over a bridge,
 * and for the first also what its self-attention makes of that. All of it depends on one side alone, so that one encoding
 * serves any number of pairs.
 *
 * <p>A value with its own memory off the heap, which it shares with no other: {@link #close} gives it back to the
 * model, for the next encodings. A computation that reads the encoding meanwhile is not disturbed, the memory is given
 * back when it has ended. What is not closed is given back when it is no longer reachable, in the garbage collector's
 * time. An encoding outlives its model: it can still be written, converted and closed. Safe for use by several threads.
 */
public abstract sealed class UnimodalEncoding implements AutoCloseable permits TextEncoding, ImageEncoding {
    private final ModelIdentity model;
    private final EncodingMemory memory;
    private final Holding holding;
    private final BridgedStates states;
    private final Cleaner.Cleanable cleanable;

    /** Takes memory, uncleared. */
    UnimodalEncoding(ModelIdentity model, EncodingMemory memory, BridgedStates.Shape shape, int[] visible) {
        this.model = model;
        this.memory = memory;
        EncodingMemory.Block block = memory.take(shape.bytes());
        holding = new Holding(memory, block);
        states = new BridgedStates(shape, visible, block.bytes());
        cleanable = EncodingMemory.CLEANER.register(this, holding);
    }

    /** Number of rows for each layer. */
    public int tokens() {
        return states.tokens();
    }

    /** Bytes off the heap that this holds until it is closed. */
    public long byteSize() {
        return holding.byteSize();
    }

    /** How wide its numbers are. */
    public EncodingPrecision precision() {
        return states.shape().precision();
    }

    /** The {@linkplain BridgeTowerModel#fingerprint fingerprint} of the model that it is for; throws as that. */
    public String model() {
        return model.fingerprint();
    }

    /**
     * Writes a safetensors file, which replaces an older one only when all of it is on the disk: {@code states} [layers
     * + 1, tokens, hidden], {@code first} [width], {@code visible} where a mask hides tokens, and in the metadata what it is
     * and the fingerprint of the model.
     *
     * @throws IOException if the file cannot be written, or the fingerprint cannot be computed
     * @throws IllegalStateException if the encoding is closed
     */
    public void write(Path file) throws IOException {
        holding.beginReading();
        try {
            EncodingFile.write(file, this);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            endReading();
        }
    }

    /** Gives the memory back when it is no longer read. Closing again does nothing. */
    @Override
    public void close() {
        cleanable.clean();
    }

    /** What files of such encodings are known by. */
    abstract String kind();

    /** Which row of the token type embeddings was added to its tokens. */
    abstract int tokenType();

    ModelIdentity identity() {
        return model;
    }

    EncodingMemory memory() {
        return memory;
    }

    BridgedStates states() {
        return states;
    }

    /**
     * Keeps the memory until {@link #endReading}.
     *
     * @throws IllegalStateException if the encoding is closed
     */
    void beginReading() {
        holding.beginReading();
    }

    void endReading() {
        holding.endReading();
        Reference.reachabilityFence(this);
    }

    /** Fills {@code to}, which differs in precision at the most, and returns it. */
    <E extends UnimodalEncoding> E copyTo(E to) {
        beginReading();
        try {
            states.copyTo(to.states());
            return to;
        } catch (RuntimeException | Error e) {
            to.close();
            throw e;
        } finally {
            endReading();
        }
    }
}
