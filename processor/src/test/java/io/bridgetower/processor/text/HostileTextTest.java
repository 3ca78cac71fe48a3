package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of a million chars that are one word, or all words; anything quadratic would not come back. */
class HostileTextTest {
    private static final int LENGTH = 1_000_000;

    private final Tokenizer tokenizer = TokenizerFolders.loadDemo();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a", "circle", "aA1 ", " ", "\t", "'", "'s", "<", "<mask", "<mask>", " <mask>", "é", "😀", "\uD800",
                "\u3000", "e\u0301"
            })
    void longTextsComeBack(String unit) {
        String text = unit.repeat(LENGTH / unit.length());
        Encoding encoding = tokenizer.encode(text, EncodingOptions.DEFAULT.specialTokens(false));
        String expected = text.replace('\uD800', '\uFFFD').replace(" <mask>", "<mask>");
        assertEquals(expected.length(), tokenizer.decode(encoding.ids(), false).length());
        assertEquals(text.length(), encoding.offsets().getLast().end());
        assertEquals(
                text.codePointCount(0, text.length()),
                encoding.codePointOffsets().getLast().end());
    }
}
