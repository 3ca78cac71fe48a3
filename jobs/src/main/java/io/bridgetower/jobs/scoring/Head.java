package io.bridgetower.jobs.scoring;

import io.bridgetower.engine.Tensor;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.inputs.Pairing;
import java.util.List;
import java.util.function.Supplier;

/**
 * A model as a job uses it: encodes either side alone, then pairs.
 *
 * @param <T> what it makes of a text
 * @param <I> what it makes of an image
 */
public abstract class Head<T extends AutoCloseable, I extends AutoCloseable> implements AutoCloseable {
    private final BridgeTowerModel trunk;
    private final Supplier<String> fingerprint;
    private final Runnable close;

    /**
     * Of a model with a head, whose class has these methods.
     *
     * @param fingerprint is asked when this is
     * @param close frees the model
     */
    Head(BridgeTowerModel trunk, Supplier<String> fingerprint, Runnable close) {
        this.trunk = trunk;
        this.fingerprint = fingerprint;
        this.close = close;
    }

    public final BridgeTowerModel trunk() {
        return trunk;
    }

    /** What tells the model, its head included, from others. */
    public final String fingerprint() {
        return fingerprint.get();
    }

    abstract List<T> encodeTexts(int[][] ids);

    /** @param pixels [images, channels, height, width] */
    abstract List<I> encodeImages(Tensor pixels);

    abstract long byteSizeOfText(T text);

    abstract long byteSizeOfImage(I image);

    /** Bytes of the encoding of an image of so many patches, at the most. */
    abstract long mostBytesOfImage(int patches);

    /** Whether it reads the texts of the rows. */
    boolean readsTexts() {
        return true;
    }

    /** Whether it reads the images of the rows. */
    boolean readsImages() {
        return true;
    }

    /** Why nothing can be computed for a text; null if it can. */
    String problem(int[] ids) {
        return null;
    }

    /**
     * The outcome of every pair.
     *
     * @param texts none if it reads none; so the images
     * @param ids the tokens of every text
     */
    abstract List<Outcome> pairs(List<T> texts, List<I> images, Pairing pairing, int[][] ids);

    @Override
    public final void close() {
        close.run();
    }

    /** The outcome, or a failure if a number is not finite. */
    static Outcome checked(Outcome outcome, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) return new Outcome.Failed("the model computes " + value);
        }
        return outcome;
    }
}
