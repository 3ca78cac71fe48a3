package io.bridgetower.jobs.rows;

import io.bridgetower.Filled;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import java.util.Arrays;
import java.util.List;

/** What a job has to say about a pair. */
public sealed interface Outcome {
    /**
     * How well the text describes the image.
     *
     * @param noMatch logit
     * @param match logit
     */
    record Match(float noMatch, float match) implements Outcome {
        /** Of a match. */
        public double probability() {
            return BridgeTowerForImageAndTextRetrieval.probability(new float[] {noMatch, match});
        }
    }

    /**
     * How close image and text are.
     *
     * @param similarity the dot product of their unit vectors, −1 to 1
     */
    record Similarity(double similarity) implements Outcome {}

    /**
     * What stands at the masked tokens of the text.
     *
     * @param text the text with the best word at every masked token
     * @param masks the best words for each
     */
    record Completed(String text, List<Filled> masks) implements Outcome {}

    /**
     * The vector of an image, a text or both.
     *
     * @param vector of length 1; not copied
     */
    record Embedding(float[] vector) implements Outcome {
        @Override
        public boolean equals(Object other) {
            return other instanceof Embedding embedding && Arrays.equals(vector, embedding.vector);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(vector);
        }
    }

    /**
     * Nothing could be computed.
     *
     * @param reason one line
     */
    record Failed(String reason) implements Outcome {}
}
