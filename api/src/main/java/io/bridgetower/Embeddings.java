package io.bridgetower;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.EncodingCache;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.image.PixelReader;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Vectors of texts, images and pairs, from the contrastive heads. */
record Embeddings(
        BridgeTowerForContrastiveLearning model, TextPreparation texts, PixelReader images, Encodings encodings) {
    float[] ofImage(Image image) {
        Optional<EncodingCache.Lease<ImageEncoding>> encoded = encodings.imageIfPresent(image);
        if (encoded.isEmpty()) return ofImages(List.of(image)).getFirst();
        try (EncodingCache.Lease<ImageEncoding> lease = encoded.get()) {
            return vectors(arena -> model.imageEmbeds(arena, new ImageEncoding[] {lease.value()}))
                    .getFirst();
        }
    }

    float[] ofPair(Image image, String text) {
        return encodings.ofPair(
                image,
                text,
                (texts, images) -> vectors(arena -> model.crossEmbeds(arena, texts, images, Pairing.oneToOne(1)))
                        .getFirst());
    }

    List<float[]> ofTexts(List<String> wanted) {
        List<float[]> vectors = new ArrayList<>(wanted.size());
        for (List<String> some : Encodings.parts(wanted, Encodings.PAIRS)) {
            int[][] ids = some.stream().map(texts::ids).toArray(int[][]::new);
            vectors.addAll(vectors(arena -> model.textEmbeds(arena, TextInputs.of(ids))));
        }
        return vectors;
    }

    List<float[]> ofImages(List<Image> wanted) {
        List<float[]> vectors = new ArrayList<>(wanted.size());
        for (List<Image> some : Encodings.parts(wanted, Encodings.IMAGES)) {
            vectors.addAll(vectors(arena -> model.imageEmbeds(arena, Encodings.inputs(images, arena, some))));
        }
        return vectors;
    }

    /** Copies the rows of a tensor that is computed in a temporary arena. */
    static List<float[]> vectors(Function<Arena, Tensor> computation) {
        try (Arena arena = Arena.ofConfined()) {
            return FiniteValues.rows(computation.apply(arena));
        }
    }
}
