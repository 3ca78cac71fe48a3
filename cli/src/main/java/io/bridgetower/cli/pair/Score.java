package io.bridgetower.cli.pair;

import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import java.nio.file.Path;

/**
 * How well a text describes an image.
 *
 * @param logits no match, match
 */
public record Score(Path image, String text, float[] logits) {
    /** Of a match. */
    double probability() {
        return BridgeTowerForImageAndTextRetrieval.probability(logits);
    }
}
