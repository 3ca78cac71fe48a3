package io.bridgetower.processor.text.bpe;

/**
 * A token that is found in the text before it is cut into words.
 *
 * @param content the text that it stands for, not empty
 * @param singleWord whether it is found only where no word goes on at either side
 * @param stripLeft whether it takes the white space before it
 * @param stripRight whether it takes the white space after it
 * @param normalized whether it is looked for after those that are not
 * @param special whether decoding can leave it out
 */
public record AddedToken(
        String content,
        boolean singleWord,
        boolean stripLeft,
        boolean stripRight,
        boolean normalized,
        boolean special) {

    /** Longer ones are refused, so that looking for them takes linear time. */
    public static final int MAX_LENGTH = 256;

    /** A special token without peculiarities. */
    public static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }

    /** The mask token of RoBERTa, which takes the white space before it. */
    public static AddedToken mask(String content) {
        return new AddedToken(content, false, true, false, false, true);
    }
}
