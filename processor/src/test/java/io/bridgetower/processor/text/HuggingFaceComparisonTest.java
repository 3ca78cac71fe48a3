package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hugging Face's own tokenizer, called through DJL, on random texts. */
class HuggingFaceComparisonTest {
    /** Of the whole vocabulary. More are compared with {@code -Dbridgetower.texts=100000}. */
    private static final int TEXTS = Integer.getInteger("bridgetower.texts", 40_000);

    private static final int PAIRS = TEXTS / 4;

    @TempDir
    private Path folder;

    @BeforeAll
    static void loadNativeLibrary() throws IOException {
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("DJL_OFFLINE", "true");
        System.setProperty(
                "DJL_CACHE_DIR", Path.of("target", "djl").toAbsolutePath().toString());
        try (HuggingFaceTokenizer loaded = builder(TokenizerFolders.demo()).build()) {
            loaded.encode("");
        } catch (LinkageError | IllegalStateException e) {
            abort("DJL has no tokenizer library for this machine: " + e);
        }
    }

    @Test
    void textsAgree() throws IOException {
        compare(TokenizerFolders.demo(), 21, PAIRS);
    }

    @Test
    void textsAgreeWithRobertasVocabulary() throws IOException {
        compare(TokenizerFolders.robertaOrSkip(), 21, TEXTS);
    }

    @Test
    void addedTokensAndPrefixSpacesAgree() throws IOException {
        TokenizerFolders.copyOfDemo(folder, "tokenizer.json");
        Path json = folder.resolve("tokenizer.json");
        String text = Files.readString(json)
                .replaceAll("\"add_prefix_space\":\\s*false", "\"add_prefix_space\": true")
                .replaceFirst("\"added_tokens\":\\s*\\[", "\"added_tokens\": [" + ADDED);
        Files.writeString(json, text);
        compare(folder, 22, PAIRS);
        Files.writeString(json, text.replace("\"add_prefix_space\": true", "\"add_prefix_space\": false"));
        compare(folder, 23, PAIRS);
    }

    /** The file that ours writes, read by Hugging Face's. */
    @Test
    void savedTokenizersAgree() throws IOException {
        Tokenizer.load(TokenizerFolders.demo()).save(folder);
        compare(folder, 25, PAIRS);
    }

    @Test
    void savedTokenizersAgreeWithRobertasVocabulary() throws IOException {
        Tokenizer.load(TokenizerFolders.robertaOrSkip()).save(folder);
        compare(folder, 25, PAIRS);
    }

    private static final String ADDED = """
        {"id": 420, "content": "the", "single_word": true, "lstrip": false, "rstrip": false, "normalized": true,
         "special": false},
        {"id": 421, "content": "cat", "single_word": true, "lstrip": true, "rstrip": true, "normalized": false,
         "special": false},
        {"id": 422, "content": "!!", "single_word": false, "lstrip": false, "rstrip": true, "normalized": false,
         "special": true},
        {"id": 423, "content": "!!!", "single_word": false, "lstrip": true, "rstrip": false, "normalized": false,
         "special": false},
        {"id": 424, "content": "日本", "single_word": false, "lstrip": true, "rstrip": true, "normalized": true,
         "special": false},
        """;

    @Test
    void truncationWindowsAndPaddingAgree() throws IOException {
        Tokenizer ours = TokenizerFolders.loadDemo();
        Path json = TokenizerFolders.copyOfDemo(folder, "tokenizer.json").resolve("tokenizer.json");
        String plain = Files.readString(json);
        RandomText texts = new RandomText(24, false);
        Random random = new Random(24);
        for (int round = 0; round < 40; round++) {
            Truncation.Strategy strategy = Truncation.Strategy.values()[1 + random.nextInt(3)];
            int maxLength = 8 * (2 + random.nextInt(6));
            int stride = random.nextInt(4);
            int multiple = 1 << random.nextInt(4);
            boolean toMaxLength = random.nextBoolean();
            Side side = Side.values()[random.nextInt(2)];
            Padding padding = toMaxLength ? Padding.toLength(maxLength) : Padding.longest();
            EncodingOptions options = EncodingOptions.DEFAULT
                    .windows(true)
                    .truncation(new Truncation(strategy, maxLength, stride, side))
                    .padding(padding.multipleOf(multiple).on(side));
            String direction = side == Side.LEFT ? "Left" : "Right";
            Files.writeString(json, plain.replaceFirst(NO_SIDES, SIDES.replace("@", direction)));
            HuggingFaceTokenizer.Builder builder =
                    builder(folder).optMaxLength(maxLength).optStride(stride).optPadToMultipleOf(multiple);
            if (toMaxLength) builder.optPadToMaxLength();
            else builder.optPadding(true);
            switch (strategy) {
                case ONLY_FIRST -> builder.optTruncateFirstOnly();
                case ONLY_SECOND -> builder.optTruncateSecondOnly();
                default -> builder.optTruncation(true);
            }
            try (HuggingFaceTokenizer peer = builder.build()) {
                for (int i = 0; i < PAIRS / 40; i++) comparePair(ours, peer, texts.next(), texts.next(), options);
            }
        }
    }

    /** DJL has no option for the side, but keeps what the file says. */
    private static final String NO_SIDES = "\"truncation\": ?null, *\"padding\": ?null,";

    private static final String SIDES = """
        "padding": {"strategy": "BatchLongest", "direction": "@", "pad_to_multiple_of": null, "pad_id": 1,
          "pad_type_id": 0, "pad_token": "<pad>"},
        "truncation": {"direction": "@", "max_length": 9, "strategy": "LongestFirst", "stride": 0},
        """;

    private static void comparePair(
            Tokenizer ours, HuggingFaceTokenizer peer, String text, String pair, EncodingOptions options) {
        String refusal = refusal(ours, text, pair, options);
        if (refusal != null) {
            // The peer ends the process on a stride that is too long.
            if (!refusal.contains("stride")) {
                assertThrows(RuntimeException.class, () -> peer.encode(text, pair, true, true), refusal);
            }
            return;
        }
        ai.djl.huggingface.tokenizers.Encoding expected = peer.encode(text, pair, true, true);
        Encoding encoding = ours.encode(text, pair, options);
        compare(text, expected, encoding);
        assertEquals(expected.getOverflowing().length, encoding.windows().size(), text);
        for (int w = 0; w < encoding.windows().size(); w++) {
            compare(text, expected.getOverflowing()[w], encoding.windows().get(w));
        }
    }

    private static String refusal(Tokenizer ours, String text, String pair, EncodingOptions options) {
        try {
            ours.encode(text, pair, options);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static void compare(Path folder, long seed, int count) throws IOException {
        Tokenizer ours = Tokenizer.load(folder);
        RandomText texts = new RandomText(seed, false);
        Random random = new Random(seed);
        try (HuggingFaceTokenizer peer = builder(folder).optTruncation(false).build()) {
            for (int i = 0; i < count; i++) {
                String text = texts.next();
                compare(text, peer.encode(text), ours.encode(text));
                int[] ids = random.ints(8, 0, ours.vocabularySize()).toArray();
                boolean skip = random.nextBoolean();
                assertEquals(peer.decode(longs(ids), skip), ours.decode(ids, skip));
            }
        }
    }

    private static void compare(String text, ai.djl.huggingface.tokenizers.Encoding expected, Encoding found) {
        assertArrayEquals(expected.getIds(), longs(found.ids()), text);
        assertEquals(Arrays.asList(expected.getTokens()), found.tokens(), text);
        assertArrayEquals(expected.getAttentionMask(), longs(found.attentionMask()), text);
        assertArrayEquals(expected.getSpecialTokenMask(), longs(found.specialTokensMask()), text);
        assertArrayEquals(expected.getTypeIds(), longs(found.typeIds()), text);
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < found.length(); i++) {
            CharSpan span = expected.getCharTokenSpans()[i];
            spans.add(found.offsets().get(i) == null ? null : new Span(span.getStart(), span.getEnd()));
        }
        assertEquals(spans, found.codePointOffsets(), text);
    }

    private static HuggingFaceTokenizer.Builder builder(Path folder) throws IOException {
        return HuggingFaceTokenizer.builder().optTokenizerPath(folder.resolve("tokenizer.json"));
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
