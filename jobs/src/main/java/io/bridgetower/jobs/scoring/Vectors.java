package io.bridgetower.jobs.scoring;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.inputs.TextInputs;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** The tasks that need no cross-modal layers. A side is its unit vector. */
abstract class Vectors implements Head<Vectors.Vector, Vectors.Vector> {
    /** A unit vector, on the heap. */
    record Vector(float[] values) implements AutoCloseable {
        @Override
        public void close() {}
    }

    private final BridgeTowerForContrastiveLearning model;

    Vectors(BridgeTowerForContrastiveLearning model) {
        this.model = model;
    }

    @Override
    public BridgeTowerModel trunk() {
        return model.trunk();
    }

    @Override
    public String fingerprint() {
        return model.fingerprint();
    }

    @Override
    public List<Vector> encodeTexts(int[][] ids) {
        try (Arena arena = Arena.ofConfined()) {
            return vectors(model.textEmbeds(arena, TextInputs.of(ids)));
        }
    }

    @Override
    public List<Vector> encodeImages(Tensor pixels) {
        try (Arena arena = Arena.ofConfined()) {
            return vectors(model.imageEmbeds(arena, Pixels.inputs(pixels)));
        }
    }

    @Override
    public long byteSizeOfText(Vector text) {
        return byteSize();
    }

    @Override
    public long byteSizeOfImage(Vector image) {
        return byteSize();
    }

    @Override
    public long mostBytesOfImage(int patches) {
        return byteSize();
    }

    @Override
    public void close() {
        model.close();
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
