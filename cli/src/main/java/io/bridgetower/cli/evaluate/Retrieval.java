package io.bridgetower.cli.evaluate;

import io.bridgetower.cli.progress.BatchBar;
import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The scores of images and captions, of one kind or the other. */
final class Retrieval {
    /** Captions, or images, computed in one call. */
    private static final int BATCH = 64;

    private static final int IMAGES = 16;

    private final RetrievalData data;
    private final TextPreparation texts;
    private final PixelReader reader;

    Retrieval(RetrievalData data, TextPreparation texts, PixelReader reader) {
        this.data = data;
        this.texts = texts;
        this.reader = reader;
    }

    /** Dot products of the vectors of every image with those of all captions. */
    float[][] similarities(BridgeTowerForContrastiveLearning model) throws IOException {
        List<float[]> captions = new ArrayList<>(), images = new ArrayList<>();
        for (int first = 0; first < data.captions().size(); first += BATCH) {
            int[][] ids = ids(first, Math.min(BATCH, data.captions().size() - first));
            try (Arena arena = Arena.ofConfined()) {
                captions.addAll(FiniteValues.rows(model.textEmbeds(arena, TextInputs.of(ids))));
            }
        }
        for (int first = 0; first < data.images().size(); first += IMAGES) {
            int last = Math.min(first + IMAGES, data.images().size());
            try (Arena arena = Arena.ofShared()) {
                Tensor pixels = reader.readAll(arena, data.images().subList(first, last));
                images.addAll(FiniteValues.rows(model.imageEmbeds(arena, Pixels.inputs(pixels))));
            }
        }
        float[][] similarities = new float[images.size()][captions.size()];
        for (int i = 0; i < images.size(); i++) {
            for (int j = 0; j < captions.size(); j++) similarities[i][j] = dot(images.get(i), captions.get(j));
        }
        return similarities;
    }

    /**
     * Logits of a match of images with captions.
     *
     * @param wanted which pairs to compute
     * @param log what has been computed before; receives the rest, image by image
     * @return for each image those of all captions; {@code absent} where they are not wanted
     */
    float[][] logits(
            BridgeTowerForImageAndTextRetrieval model, Proposals wanted, float absent, EvaluationLog log, BatchBar bar)
            throws IOException {
        float[][] logits = new float[data.images().size()][data.captions().size()];
        long done = 0, total = wanted.pairs();
        for (int image = 0; image < logits.length; image++) {
            int[] captions = wanted.of(image);
            float[] values = log.get(image);
            if (values == null || values.length != captions.length) {
                values = logits(model, image, captions);
                log.put(image, values);
            }
            Arrays.fill(logits[image], absent);
            for (int i = 0; i < captions.length; i++) logits[image][captions[i]] = values[i];
            done += captions.length;
            bar.at(done, 0, total);
        }
        return logits;
    }

    private float[] logits(BridgeTowerForImageAndTextRetrieval model, int image, int[] captions) throws IOException {
        float[] logits = new float[captions.length];
        ImageEncoding[] encoded;
        try (Arena arena = Arena.ofShared()) {
            Tensor pixels = reader.readAll(arena, List.of(data.images().get(image)));
            encoded = model.trunk().encodeImages(Pixels.inputs(pixels));
        }
        try (ImageEncoding _ = encoded[0]) {
            for (int first = 0; first < captions.length; first += BATCH) {
                int count = Math.min(BATCH, captions.length - first);
                int[][] ids = new int[count][];
                for (int i = 0; i < count; i++)
                    ids[i] = texts.ids(data.captions().get(captions[first + i]));
                TextEncoding[] some = model.trunk().encodeTexts(ids, null);
                try {
                    float[][] rows = model.logits(some, encoded, Pairing.all(count, 1));
                    for (int i = 0; i < count; i++) logits[first + i] = FiniteValues.checked(rows[i])[1];
                } finally {
                    for (TextEncoding text : some) text.close();
                }
            }
        }
        return logits;
    }

    private int[][] ids(int first, int count) {
        return texts.ids(data.captions().subList(first, first + count));
    }

    private static float dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return (float) sum;
    }
}
