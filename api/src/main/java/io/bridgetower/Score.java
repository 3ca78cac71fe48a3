package io.bridgetower;

/**
 * How well a text describes an image.
 *
 * @param text the text
 * @param probability that they match, from 0 to 1
 * @param logits what the probability is the softmax of: no match, match
 */
public record Score(String text, double probability, Logits logits) {
    /**
     * The two outputs of the matching head.
     *
     * @param noMatch for a text and an image that do not belong together
     * @param match for those that do
     */
    public record Logits(float noMatch, float match) {}
}
