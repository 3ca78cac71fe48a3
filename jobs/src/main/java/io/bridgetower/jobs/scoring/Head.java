package io.bridgetower.jobs.scoring;

import io.bridgetower.engine.Tensor;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.inputs.Pairing;
import java.util.List;

/**
 * A model as a job uses it: encodes either side alone, then pairs.
 *
 * @param <T> what it makes of a text
 * @param <I> what it makes of an image
 */
public interface Head<T extends AutoCloseable, I extends AutoCloseable> extends AutoCloseable {
    BridgeTowerModel trunk();

    /** What tells the model, its head included, from others. */
    String fingerprint();

    List<T> encodeTexts(int[][] ids);

    /** @param pixels [images, channels, height, width] */
    List<I> encodeImages(Tensor pixels);

    long byteSizeOfText(T text);

    long byteSizeOfImage(I image);

    /** Bytes of the encoding of an image of so many patches, at the most. */
    long mostBytesOfImage(int patches);

    /** Whether it reads the texts of the rows. */
    default boolean readsTexts() {
        return true;
    }

    /** Whether it reads the images of the rows. */
    default boolean readsImages() {
        return true;
    }

    /** Why nothing can be computed for a text; null if it can. */
    default String problem(int[] ids) {
        return null;
    }

    /**
     * The outcome of every pair.
     *
     * @param texts none if it reads none; so the images
     * @param ids the tokens of every text
     */
    List<Outcome> pairs(List<T> texts, List<I> images, Pairing pairing, int[][] ids);

    @Override
    void close();
}
