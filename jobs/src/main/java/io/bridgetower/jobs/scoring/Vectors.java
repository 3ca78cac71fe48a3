package io.bridgetower.jobs.scoring;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.inputs.TextInputs;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** The tasks that need no cross-modal layers. A side is its unit vector. */
abstract class Vectors extends Head<Vectors.Vector, Vectors.Vector> {
    /** A unit vector, on the heap. */
    record Vector(float[] values) implements AutoCloseable {
        @Override
        public void close() {}
    }

    private final BridgeTowerForContrastiveLearning model;

    Vectors(BridgeTowerForContrastiveLearning model) {
        super(model.trunk(), model::fingerprint, model::close);
        this.model = model;
    }

    @Override
    List<Vector> encodeTexts(int[][] ids) {
        try (Arena arena = Arena.ofConfined()) {
            return vectors(model.textEmbeds(arena, TextInputs.of(ids)));
        }
    }

    @Override
    List<Vector> encodeImages(Tensor pixels) {
        try (Arena arena = Arena.ofConfined()) {
            return vectors(model.imageEmbeds(arena, Pixels.inputs(pixels)));
        }
    }

    @Override
    long byteSizeOfText(Vector text) {
        return byteSize();
    }

    @Override
    long byteSizeOfImage(Vector image) {
        return byteSize();
    }

    @Override
    long mostBytesOfImage(int patches) {
        return byteSize();
    }

    private long byteSize() {
        return (long) trunk().config().contrastiveHiddenSize() * Float.BYTES;
    }

    private static List<Vector> vectors(Tensor rows) {
        return rows(rows).stream().map(Vector::new).toList();
    }

    /** The rows of a matrix. */
    static List<float[]> rows(Tensor matrix) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < matrix.dim(0); i++) rows.add(matrix.slice(i, 1).toArray());
        return rows;
    }
}
