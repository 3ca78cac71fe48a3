package io.bridgetower.processor.text.bpe;

import static io.bridgetower.processor.text.bpe.CharacterClass.SPACE;

/**
 * Cuts text into words as GPT-2's pattern does:
 *
 * <pre>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</pre>
 *
 * The words cover the text without gaps. Written as a scanner, it looks at each character a bounded number of times.
 */
final class WordScanner {
    private WordScanner() {}

    /**
     * The end of the word that starts at {@code at}.
     *
     * @param text the text
     * @param at where the word starts, less than {@code end}
     * @param end where the text ends: what lies behind is not looked at
     */
    static int next(char[] text, int at, int end) {
        char first = text[at];
        if (first == '\'') {
            int contraction = contraction(text, at + 1, end);
            if (contraction > 0) return at + 1 + contraction;
        }
        if (first == ' ' && at + 1 < end) {
            byte type = typeAt(text, at + 1, end);
            if (type != SPACE) return run(text, at + 1, end, type);
        }
        byte type = typeAt(text, at, end);
        int stop = run(text, at, end, type);
        return type == SPACE && stop < end && stop - at > 1 ? stop - 1 : stop;
    }

    /** The length of the contraction that follows an apostrophe, or 0. */
    private static int contraction(char[] text, int at, int end) {
        if (at == end) return 0;
        char second = at + 1 < end ? text[at + 1] : 0;
        return switch (text[at]) {
            case 's', 't', 'm', 'd' -> 1;
            case 'r', 'v' -> second == 'e' ? 2 : 0;
            case 'l' -> second == 'l' ? 2 : 0;
            default -> 0;
        };
    }

    private static int run(char[] text, int at, int end, byte type) {
        int i = at;
        while (i < end) {
            char c = text[i];
            if (isPair(text, i, end)) {
                if (CharacterClass.of(Character.toCodePoint(c, text[i + 1])) != type) return i;
                i += 2;
            } else {
                if (CharacterClass.of(c) != type) return i;
                i++;
            }
        }
        return i;
    }

    private static byte typeAt(char[] text, int at, int end) {
        return isPair(text, at, end)
                ? CharacterClass.of(Character.toCodePoint(text[at], text[at + 1]))
                : CharacterClass.of(text[at]);
    }

    private static boolean isPair(char[] text, int at, int end) {
        return Character.isHighSurrogate(text[at]) && at + 1 < end && Character.isLowSurrogate(text[at + 1]);
    }
}
