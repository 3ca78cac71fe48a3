package io.bridgetower.cli.pair;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores every image against every text; each image and each text is encoded once. */
final class Scorer {
    /** Images held in memory at a time: enough to keep all threads busy. */
    private static final int AT_ONCE = 16;

    private final BridgeTowerForImageAndTextRetrieval model;
    private final PixelReader reader;

    Scorer(BridgeTowerForImageAndTextRetrieval model, PixelReader reader) {
        this.model = model;
        this.reader = reader;
    }

    /**
     * The scores image by image, for each in the order of the texts.
     *
     * @param ids the tokens of each text
     */
    List<Score> score(List<Path> images, List<String> texts, int[][] ids) throws IOException, Failure {
        TextEncoding[] encodedTexts = model.trunk().encodeTexts(ids, null);
        List<Score> scores = new ArrayList<>(images.size() * texts.size());
        for (int first = 0; first < images.size(); first += AT_ONCE) {
            List<Path> some = images.subList(first, Math.min(first + AT_ONCE, images.size()));
            ImageEncoding[] encodedImages = encode(some);
            float[][] logits =
                    model.logits(encodedTexts, encodedImages, Pairing.all(encodedTexts.length, encodedImages.length));
            for (ImageEncoding image : encodedImages) image.close();
            for (int i = 0; i < logits.length; i++) {
                scores.add(new Score(some.get(i / texts.size()), texts.get(i % texts.size()), checked(logits[i])));
            }
        }
        for (TextEncoding text : encodedTexts) text.close();
        return scores;
    }

    private ImageEncoding[] encode(List<Path> images) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            ImageInputs inputs = Pixels.inputs(reader.readAll(arena, images));
            return model.trunk().encodeImages(inputs);
        }
    }

    private static float[] checked(float[] logits) throws Failure {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new Failure("the model computes " + Arrays.toString(logits)
                        + ": its weights are not those of a trained model");
            }
        }
        return logits;
    }
}
