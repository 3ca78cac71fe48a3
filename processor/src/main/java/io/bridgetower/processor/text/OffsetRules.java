package io.bridgetower.processor.text;

import io.bridgetower.processor.text.bpe.ByteAlphabet;
import io.bridgetower.processor.text.bpe.CharacterClass;

/**
 * How much of its white space a token's offsets leave out.
 *
 * @param trim whether white space is left out at all
 * @param prefixSpace whether a first space may be one that was put there, which the text does not have
 */
record OffsetRules(boolean trim, boolean prefixSpace) {
    /**
     * The characters of {@code text} that a token stands for.
     *
     * @param token how the token is written
     * @param start where the first character starts of which the token holds a part
     * @param end where the last one ends
     * @param first whether the token is the first of its text
     */
    Span apply(String text, String token, int start, int end, boolean first) {
        if (!trim) return new Span(start, end);
        int leading = leadingSpaces(token);
        int trailing = trailingSpaces(token);
        int newStart = start;
        int newEnd = end;
        if (leading > 0) {
            if (prefixSpace && (first || start == 0) && leading == 1) leading = 0;
            newStart = forward(text, start, end, leading);
        }
        if (trailing > 0 && isAtLeast(text, end, trailing)) newEnd = back(text, newStart, end, trailing);
        return new Span(newStart, newEnd);
    }

    private static int forward(String text, int from, int most, int codePoints) {
        int at = from;
        for (int i = 0; i < codePoints && at < most; i++) at += Character.charCount(text.codePointAt(at));
        return Math.min(at, most);
    }

    private static int back(String text, int least, int from, int codePoints) {
        int at = from;
        for (int i = 0; i < codePoints && at > least; i++) at -= Character.charCount(text.codePointBefore(at));
        return Math.max(at, least);
    }

    private static boolean isAtLeast(String text, int end, int codePoints) {
        return end >= 2 * codePoints || text.codePointCount(0, end) >= codePoints;
    }

    private static int leadingSpaces(String token) {
        int count = 0;
        while (count < token.length() && isSpace(token.charAt(count))) count++;
        return count;
    }

    private static int trailingSpaces(String token) {
        int count = 0;
        while (count < token.length() && isSpace(token.charAt(token.length() - 1 - count))) count++;
        return count;
    }

    private static boolean isSpace(char c) {
        return c == ByteAlphabet.SPACE || CharacterClass.isSpace(c);
    }
}
