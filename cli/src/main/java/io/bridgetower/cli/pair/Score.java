package io.bridgetower.cli.pair;

import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;

/**
 * How well a text describes an image.
 *
 * @param logits no match, match
 */
public record Score(String image, String text, float[] logits) {
    /** Of a match. */
    double probability() {
        return BridgeTowerForImageAndTextRetrieval.probability(logits);
    }
}
