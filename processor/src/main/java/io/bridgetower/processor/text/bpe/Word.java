package io.bridgetower.processor.text.bpe;

import java.util.Arrays;

/**
 * A word with its tokens.
 *
 * @param text the word's UTF-16 text
 * @param ids its tokens
 * @param starts where in {@code text} the first character begins of which a token holds a byte
 * @param ends where in {@code text} the last character ends of which a token holds a byte
 */
record Word(char[] text, int[] ids, int[] starts, int[] ends) {
    boolean is(char[] other, int from, int to) {
        return Arrays.equals(text, 0, text.length, other, from, to);
    }
}
