package io.bridgetower.jobs.scoring;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** {@link Task#CONTRASTIVE}. A side is its unit vector. */
public final class Contrasting implements Head<Contrasting.Vector, Contrasting.Vector> {
    /** A unit vector, on the heap. */
    record Vector(float[] values) implements AutoCloseable {
        @Override
        public void close() {}
    }

    private final BridgeTowerForContrastiveLearning model;

    public Contrasting(BridgeTowerForContrastiveLearning model) {
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
            return rows(model.textEmbeds(arena, TextInputs.of(ids)));
        }
    }

    @Override
    public List<Vector> encodeImages(Tensor pixels) {
        try (Arena arena = Arena.ofConfined()) {
            return rows(model.imageEmbeds(arena, Pixels.inputs(pixels)));
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

    private long byteSize() {
        return (long) trunk().config().contrastiveHiddenSize() * Float.BYTES;
    }

    @Override
    public List<Outcome> pairs(List<Vector> texts, List<Vector> images, Pairing pairing, int[][] ids) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < pairing.size(); i++) {
            float[] text = texts.get(pairing.texts()[i]).values(),
                    image = images.get(pairing.images()[i]).values();
            double dot = 0;
            for (int j = 0; j < text.length; j++) dot += (double) text[j] * image[j];
            outcomes.add(Fusing.checked(new Outcome.Similarity(dot), new float[] {(float) dot}));
        }
        return outcomes;
    }

    @Override
    public void close() {
        model.close();
    }

    private static List<Vector> rows(Tensor vectors) {
        List<Vector> rows = new ArrayList<>();
        for (int i = 0; i < vectors.dim(0); i++)
            rows.add(new Vector(vectors.slice(i, 1).toArray()));
        return rows;
    }
}
