package io.bridgetower;

import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import java.util.ArrayList;
import java.util.List;

/** How well texts describe images, from the matching head. */
record Matches(BridgeTowerForImageAndTextRetrieval model, Encodings encodings) {
    /** One score for each text, in their order. */
    List<Score> of(Image image, List<String> texts) {
        List<Score> scores = new ArrayList<>(texts.size());
        try (Encodings.Leased<ImageEncoding> encodedImage = encodings.images(List.of(image))) {
            for (List<String> some : Encodings.parts(texts, Encodings.PAIRS)) {
                try (Encodings.Leased<TextEncoding> encodedTexts = encodings.texts(some)) {
                    float[][] logits =
                            model.logits(encodedTexts.values(), encodedImage.values(), Pairing.all(some.size(), 1));
                    for (int i = 0; i < logits.length; i++) scores.add(score(some.get(i), logits[i]));
                }
            }
        }
        return scores;
    }

    /** One score for each image, in their order. */
    List<Score> of(String text, List<Image> images) {
        List<Score> scores = new ArrayList<>(images.size());
        try (Encodings.Leased<TextEncoding> encodedText = encodings.texts(List.of(text))) {
            for (List<Image> some : Encodings.parts(images, Encodings.IMAGES)) {
                try (Encodings.Leased<ImageEncoding> encodedImages = encodings.images(some)) {
                    float[][] logits =
                            model.logits(encodedText.values(), encodedImages.values(), Pairing.all(1, some.size()));
                    for (float[] pair : logits) scores.add(score(text, pair));
                }
            }
        }
        return scores;
    }

    private static Score score(String text, float[] logits) {
        FiniteValues.checked(logits);
        return new Score(
                text, BridgeTowerForImageAndTextRetrieval.probability(logits), new Score.Logits(logits[0], logits[1]));
    }
}
