package io.bridgetower.cli.pair;

import io.bridgetower.cli.images.ImageBatches;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/** Turns images, texts and pairs of them into unit vectors, some at a time. */
final class Embedder {
    /** Enough texts or pairs to keep all threads busy. */
    private static final int BATCH = 16;

    private final BridgeTowerForContrastiveLearning model;
    private final PixelReader reader;
    private final List<NamedImage> images;
    private final List<String> texts;
    private final int[][] ids;

    /** Takes vectors as they are computed. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes one.
         *
         * @param image what it is the vector of; null for a text alone
         * @param text null for an image alone
         */
        void write(String image, String text, float[] vector) throws IOException;
    }

    /**
     * @param reader null if there are no images
     * @param ids the tokens of each text
     */
    Embedder(
            BridgeTowerForContrastiveLearning model,
            PixelReader reader,
            List<NamedImage> images,
            List<String> texts,
            int[][] ids) {
        this.model = model;
        this.reader = reader;
        this.images = images;
        this.texts = texts;
        this.ids = ids;
    }

    int imageCount() {
        return images.size();
    }

    /** A vector for each image, in their order. */
    void images(Sink sink) throws IOException {
        try (ImageBatches batches = new ImageBatches(reader, images)) {
            for (var batch = batches.next(); batch != null; batch = batches.next()) {
                try (Arena arena = Arena.ofConfined()) {
                    Tensor vectors = model.imageEmbeds(arena, batch.inputs());
                    for (int i = 0; i < vectors.dim(0); i++) {
                        sink.write(batch.images().get(i).name(), null, vector(vectors, i));
                    }
                }
            }
        }
    }

    /** A vector for each text, in their order. */
    void texts(Sink sink) throws IOException {
        for (int first = 0; first < ids.length; first += BATCH) {
            int[][] some = Arrays.copyOfRange(ids, first, Math.min(first + BATCH, ids.length));
            try (Arena arena = Arena.ofConfined()) {
                Tensor vectors = model.textEmbeds(arena, TextInputs.of(some));
                for (int i = 0; i < some.length; i++) sink.write(null, texts.get(first + i), vector(vectors, i));
            }
        }
    }

    /** A vector for each image with each text, image by image. Every image and every text is encoded once. */
    void pairs(Sink sink) throws IOException {
        TextEncoding[] encodedTexts = model.trunk().encodeTexts(ids, null);
        try (ImageBatches batches = new ImageBatches(reader, images)) {
            for (var batch = batches.next(); batch != null; batch = batches.next()) {
                ImageEncoding[] encodedImages = model.trunk().encodeImages(batch.inputs());
                int group = texts.size() >= BATCH ? 1 : encodedImages.length;
                for (int first = 0; first < encodedImages.length; first += group) {
                    ImageEncoding[] some = Arrays.copyOfRange(encodedImages, first, first + group);
                    write(encodedTexts, some, batch.images().subList(first, first + group), sink);
                }
                for (ImageEncoding image : encodedImages) image.close();
            }
        }
        for (TextEncoding text : encodedTexts) text.close();
    }

    private void write(TextEncoding[] encodedTexts, ImageEncoding[] encodedImages, List<NamedImage> named, Sink sink)
            throws IOException {
        Pairing pairing = Pairing.all(encodedTexts.length, encodedImages.length);
        try (Arena arena = Arena.ofConfined()) {
            Tensor vectors = model.crossEmbeds(arena, encodedTexts, encodedImages, pairing);
            for (int i = 0; i < vectors.dim(0); i++) {
                String image = named.get(i / texts.size()).name();
                sink.write(image, texts.get(i % texts.size()), vector(vectors, i));
            }
        }
    }

    private static float[] vector(Tensor vectors, int row) {
        return FiniteValues.checked(vectors.slice(row, 1).toArray());
    }
}
