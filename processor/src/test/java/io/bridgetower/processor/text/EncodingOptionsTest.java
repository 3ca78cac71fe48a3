package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs, padding, truncation and windows; what is expected is what Hugging Face's {@code tokenizers} gives. */
class EncodingOptionsTest {
    private static final EncodingOptions DEFAULT = EncodingOptions.DEFAULT;
    private static final EncodingOptions BARE = DEFAULT.specialTokens(false);

    private final Tokenizer tokenizer = TokenizerFolders.loadDemo();

    @Test
    void emptyTextIsTheFrameAlone() {
        assertEquals(List.of("<s>", "</s>"), tokenizer.encode("").tokens());
        assertEquals(0, tokenizer.encode("", BARE).length());
        assertEquals(
                List.of("<s>", "</s>", "</s>", "</s>"),
                tokenizer.encode("", "", DEFAULT).tokens());
    }

    @Test
    void pairsAreFramedAsRobertaDoes() {
        Encoding encoding = tokenizer.encode("1 2", "3", DEFAULT);
        assertEquals("<s>1Ġ2</s></s>3</s>", words(encoding));
        assertArrayEquals(new int[] {1, 0, 0, 0, 1, 1, 0, 1}, specialMask("1 2", "3"));
        assertArrayEquals(new int[encoding.length()], encoding.typeIds());
        assertEquals(new Span(0, 1), encoding.offsets().get(encoding.length() - 2), "counted in the second text");
        assertEquals("1Ġ23", words(tokenizer.encode("1 2", "3", BARE)));
    }

    private int[] specialMask(String text, String pair) {
        return tokenizer.encode(text, pair, DEFAULT).specialTokensMask();
    }

    @Test
    void paddingFillsToTheLongest() {
        BatchEncoding batch = tokenizer.encodeBatch(List.of("1", "1234", ""), DEFAULT.padding(Padding.longest()));
        assertArrayEquals(new int[] {6, 6, 6}, batch.lengths());
        assertEquals("<s>1</s><pad><pad><pad>", words(batch.get(0)));
        assertArrayEquals(
                new int[][] {{1, 1, 1, 0, 0, 0}, {1, 1, 1, 1, 1, 1}, {1, 1, 0, 0, 0, 0}}, batch.attentionMask());
        assertArrayEquals(
                new int[][] {{1, 0, 1, 1, 1, 1}, {1, 0, 0, 0, 0, 1}, {1, 1, 1, 1, 1, 1}}, batch.specialTokensMask());
        assertArrayEquals(new int[3][6], batch.typeIds());
        assertNull(batch.get(0).offsets().get(4));
        assertEquals(tokenizer.padId(), batch.inputIds()[2][5]);
    }

    @Test
    void withoutPaddingRowsAreRagged() {
        BatchEncoding batch = tokenizer.encodeBatch(List.of("1", "1234", ""));
        assertArrayEquals(new int[] {3, 6, 2}, batch.lengths());
        assertArrayEquals(new int[][] {{1, 1, 1}, {1, 1, 1, 1, 1, 1}, {1, 1}}, batch.attentionMask());
    }

    @Test
    void paddingToALengthOrAMultiple() {
        assertEquals("<s>1</s><pad><pad>", words(tokenizer.encode("1", DEFAULT.padding(Padding.toLength(5)))));
        Encoding left =
                tokenizer.encode("1", DEFAULT.padding(Padding.toLength(5).on(Side.LEFT)));
        assertEquals("<pad><pad><s>1</s>", words(left));
        assertEquals(new Span(0, 1), left.offsets().get(3));
        assertEquals(
                8,
                tokenizer
                        .encode("1", DEFAULT.padding(Padding.toLength(5).multipleOf(8)))
                        .length());
        assertEquals(
                8,
                tokenizer
                        .encode("12345", DEFAULT.padding(Padding.longest().multipleOf(4)))
                        .length());
        assertEquals(
                7,
                tokenizer.encode("12345", DEFAULT.padding(Padding.toLength(5))).length(),
                "never cut");
    }

    @Test
    void truncationCountsSpecialTokens() {
        assertEquals("<s>12</s>", words(cut("12345", Truncation.longestFirst(4))));
        assertEquals("<s>45</s>", words(cut("12345", Truncation.longestFirst(4).on(Side.LEFT))));
        assertEquals("<s></s>", words(cut("12345", Truncation.longestFirst(2))));
        assertEquals("<s>12345</s>", words(cut("12345", Truncation.longestFirst(7))));
        assertEquals("1234", words(tokenizer.encode("12345", BARE.truncation(Truncation.onlyFirst(4)))));
        assertEquals("", words(tokenizer.encode("12345", BARE.truncation(Truncation.longestFirst(0)))));
    }

    @Test
    void truncationOfPairs() {
        assertEquals("<s>123</s></s>67</s>", words(cut("12345", "67", Truncation.longestFirst(9))));
        assertEquals("<s>123</s></s>67</s>", words(cut("12345", "6789", Truncation.longestFirst(9))));
        assertEquals("<s>12</s></s>678</s>", words(cut("12", "6789", Truncation.longestFirst(9))));
        assertEquals("<s>1</s></s>6789</s>", words(cut("12345", "6789", Truncation.onlyFirst(9))));
        assertEquals("<s>1234</s></s>6</s>", words(cut("1234", "6789", Truncation.onlySecond(9))));
        assertEquals("<s></s></s></s>", words(cut("1234", "6789", Truncation.onlySecond(4))));
    }

    @Test
    void whatCannotBeCutIsRefusedWithTheNumbers() {
        assertRefused("truncation to 1 tokens, where 2 are special alone", () -> cut("1", Truncation.longestFirst(1)));
        assertRefused("truncation to 3 tokens, where 4", () -> cut("1", "2", Truncation.onlyFirst(3)));
        assertRefused(
                "the first text has 2 tokens, and 3 must go to leave 7",
                () -> cut("12", "6789", Truncation.onlyFirst(7)));
        assertRefused("only the second text is to be cut", () -> cut("12345", Truncation.onlySecond(4)));
        assertRefused(
                "a stride of 2 in windows of 2",
                () -> cut("12345", Truncation.longestFirst(4).stride(2)));
        assertRefused("1 first texts, but 2", () -> tokenizer.encodeBatch(List.of(""), List.of("", ""), DEFAULT));
        assertRefused("maxLength -1", () -> Truncation.longestFirst(-1));
        assertRefused("stride -1", () -> Truncation.longestFirst(4).stride(-1));
        assertRefused("length -1", () -> Padding.toLength(-1));
        assertRefused("multiple 0", () -> Padding.longest().multipleOf(0));
        assertRefused(
                "exclude each other",
                () -> DEFAULT.padding(Padding.longest().multipleOf(8)).truncation(Truncation.longestFirst(12)));
    }

    @Test
    void windowsCoverTheText() {
        EncodingOptions options =
                DEFAULT.windows(true).truncation(Truncation.longestFirst(5).stride(1));
        Encoding encoding = tokenizer.encode("1234567", options);
        assertEquals("<s>123</s>", words(encoding));
        assertEquals(List.of("<s>345</s>", "<s>567</s>"), windows(encoding));
        assertEquals(new Span(4, 5), encoding.windows().get(1).offsets().get(1));
        Encoding left = tokenizer.encode(
                "12345678",
                options.truncation(Truncation.longestFirst(5).stride(1).on(Side.LEFT)));
        assertEquals("<s>678</s>", words(left));
        assertEquals(List.of("<s>456</s>", "<s>234</s>", "<s>12</s>"), windows(left));
        assertEquals(List.of(), windows(tokenizer.encode("123", options)));
        EncodingOptions nothing = BARE.windows(true).truncation(Truncation.longestFirst(0));
        assertEquals(List.of("1234567"), windows(tokenizer.encode("1234567", nothing)));
    }

    @Test
    void windowsOfPairs() {
        EncodingOptions second = DEFAULT.windows(true).truncation(Truncation.onlySecond(8));
        assertEquals(
                List.of("<s>12</s></s>78</s>", "<s>12</s></s>9</s>"), windows(tokenizer.encode("12", "56789", second)));
        EncodingOptions both = DEFAULT.windows(true).truncation(Truncation.longestFirst(8));
        assertEquals(
                List.of("<s>3</s></s>67</s>", "<s>3</s></s>8</s>", "<s>12</s></s>8</s>"),
                windows(tokenizer.encode("123", "678", both)));
    }

    @Test
    void batchesHoldWindowsAsRows() {
        EncodingOptions options =
                DEFAULT.windows(true).truncation(Truncation.longestFirst(4)).padding(Padding.longest());
        BatchEncoding batch = tokenizer.encodeBatch(List.of("1", "123", "12345"), options);
        assertEquals(6, batch.size());
        assertEquals(
                List.of("<s>1</s><pad>", "<s>12</s>", "<s>3</s><pad>", "<s>12</s>", "<s>34</s>", "<s>5</s><pad>"),
                batch.rows().stream().map(EncodingOptionsTest::words).toList());
        assertEquals(
                List.of(0, 1, 1, 2, 2, 2),
                List.of(0, 1, 2, 3, 4, 5).stream().map(batch::sampleOf).toList());
    }

    @Test
    void whatTheOptionsLeaveOpenIsTheTokenizersToSay(@TempDir Path folder) throws IOException {
        TokenizerFolders.copyOfDemo(folder);
        Path config = folder.resolve("tokenizer_config.json");
        EncodingOptions options = DEFAULT.padding(Padding.toModelLength()).truncation(Truncation.longestFirst());
        Files.writeString(config, """
            {"padding_side": "left", "truncation_side": "left", "model_max_length": 6}\
            """);
        Tokenizer left = Tokenizer.load(folder);
        assertEquals("<pad><pad><s>12</s>", words(left.encode("12", options)));
        assertEquals("<s>2345</s>", words(left.encode("12345", options)));
        assertEquals("<s>5</s></s>6</s>", words(left.encode("12345", "6", DEFAULT.truncation(Truncation.onlyFirst()))));
        assertEquals("<s>1</s></s>3</s>", words(left.encode("1", "23", DEFAULT.truncation(Truncation.onlySecond()))));
        EncodingOptions right = DEFAULT.padding(Padding.toLength(5).on(Side.RIGHT))
                .truncation(Truncation.longestFirst(5).on(Side.RIGHT));
        assertEquals("<s>1</s><pad><pad>", words(left.encode("1", right)));
        assertEquals("<s>123</s>", words(left.encode("12345", right)));
        assertRefused(
                "exclude each other",
                () -> left.encode("1", options.padding(Padding.longest().multipleOf(4))));

        Files.writeString(config, "{}");
        Tokenizer unlimited = Tokenizer.load(folder);
        assertEquals(Side.RIGHT, unlimited.paddingSide());
        assertEquals("<s>12345</s>", words(unlimited.encode("12345", options)), "no length is known");

        Path json = folder.resolve("tokenizer.json");
        Files.writeString(
                json,
                Files.readString(json)
                        .replace("\"truncation\": null", "\"truncation\": {\"direction\": \"Left\", \"max_length\": 3}")
                        .replace("\"padding\": null", "\"padding\": {\"direction\": \"Left\"}"));
        Tokenizer byJson = Tokenizer.load(folder);
        assertEquals(Side.LEFT, byJson.paddingSide());
        assertEquals("<s>12345</s>", words(byJson.encode("12345", DEFAULT)), "only the side is a default");
        assertEquals("<s>45</s>", words(byJson.encode("12345", DEFAULT.truncation(Truncation.longestFirst(4)))));
    }

    @Test
    void whatIsReturnedCannotChangeTheEncoding() {
        Encoding encoding = tokenizer.encode("123");
        encoding.ids()[0] = 99;
        assertEquals(0, encoding.ids()[0]);
        assertThrows(
                UnsupportedOperationException.class, () -> encoding.offsets().set(0, null));
        assertThrows(
                UnsupportedOperationException.class, () -> encoding.tokens().set(0, ""));
    }

    private Encoding cut(String text, Truncation truncation) {
        return tokenizer.encode(text, DEFAULT.truncation(truncation));
    }

    private Encoding cut(String text, String pair, Truncation truncation) {
        return tokenizer.encode(text, pair, DEFAULT.truncation(truncation));
    }

    private static void assertRefused(String message, Runnable action) {
        String found = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(found.contains(message), found);
    }

    private static List<String> windows(Encoding encoding) {
        return encoding.windows().stream().map(EncodingOptionsTest::words).toList();
    }

    private static String words(Encoding encoding) {
        return String.join("", encoding.tokens());
    }
}
