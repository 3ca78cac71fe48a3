package io.bridgetower.cli.pair;

import io.bridgetower.cli.images.ImageBatches;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores every image against every text; each image and each text is encoded once. */
final class Scorer {
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
    List<Score> score(List<NamedImage> images, List<String> texts, int[][] ids) throws IOException, Failure {
        TextEncoding[] encodedTexts = model.trunk().encodeTexts(ids, null);
        List<Score> scores = new ArrayList<>(images.size() * texts.size());
        try (ImageBatches batches = new ImageBatches(reader, images)) {
            for (var batch = batches.next(); batch != null; batch = batches.next()) {
                ImageEncoding[] encodedImages = model.trunk().encodeImages(batch.inputs());
                float[][] logits = model.logits(
                        encodedTexts, encodedImages, Pairing.all(encodedTexts.length, encodedImages.length));
                for (ImageEncoding image : encodedImages) image.close();
                for (int i = 0; i < logits.length; i++) {
                    String image = batch.images().get(i / texts.size()).name();
                    scores.add(new Score(image, texts.get(i % texts.size()), checked(logits[i])));
                }
            }
        }
        for (TextEncoding text : encodedTexts) text.close();
        return scores;
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
