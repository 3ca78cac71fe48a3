package io.bridgetower.processor.text.bpe;

/**
 * The classes of code points that the pre-tokenizer and the added tokens tell apart, by the Unicode tables of the JDK.
 * A surrogate without its partner counts as U+FFFD, so as {@link #OTHER}.
 */
public final class CharacterClass {
    /** Neither of the other three. */
    public static final byte OTHER = 0;
    /** General category L. */
    public static final byte LETTER = 1;
    /** General category N. */
    public static final byte NUMBER = 2;
    /** The property White_Space, all of it in the basic plane. */
    public static final byte SPACE = 3;

    private static final byte[] BASIC_PLANE = new byte[0x10000];

    static {
        for (int c = 0; c < BASIC_PLANE.length; c++) BASIC_PLANE[c] = isWhiteSpace(c) ? SPACE : categoryOf(c);
    }

    private CharacterClass() {}

    /** The class of a code unit of the basic plane; {@link #OTHER} for every surrogate. */
    public static byte of(char c) {
        return BASIC_PLANE[c];
    }

    /** The class of any code point. */
    public static byte of(int codePoint) {
        return codePoint < BASIC_PLANE.length ? BASIC_PLANE[codePoint] : categoryOf(codePoint);
    }

    /** Whether {@code c} has the property White_Space. */
    public static boolean isSpace(char c) {
        return BASIC_PLANE[c] == SPACE;
    }

    /** Whether {@code codePoint} is part of a word (UTS 18): alphabetic, mark, decimal number, connector or joiner. */
    public static boolean isWordPart(int codePoint) {
        if (Character.isAlphabetic(codePoint) || codePoint == 0x200C || codePoint == 0x200D) return true;
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.CONNECTOR_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static boolean isWhiteSpace(int c) {
        return c >= 0x09 && c <= 0x0D || c == 0x85 || Character.isSpaceChar(c);
    }

    private static byte categoryOf(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            default -> OTHER;
        };
    }
}
