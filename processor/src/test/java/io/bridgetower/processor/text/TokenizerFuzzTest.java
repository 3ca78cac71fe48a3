package io.bridgetower.processor.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text has tokens, and any file is a tokenizer that survives a journey, or refused by the one exception. */
class TokenizerFuzzTest {
    private static final String TEXT = " a red circle's<mask>12 <s>日本 é😀\t\uD800";

    private static Tokenizer demo;
    private static SlowTokenizer slow;

    @TempDir
    private Path folder;

    static Stream<byte[]> texts() {
        return Stream.of("", "a red circle, and two blue squares", "don't  <mask> \n", "日本\u3000é", "😀\uD800\u0000")
                .map(text -> text.getBytes(StandardCharsets.UTF_16BE));
    }

    static Stream<byte[]> jsons() throws IOException {
        return Stream.concat(
                Stream.of(Files.readAllBytes(TokenizerFolders.demo().resolve("tokenizer.json"))),
                Stream.of("""
                    {"model": {"type": "BPE", "vocab": {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": 4, "a": 5,
                    "b": 6, "ab": 7}, "merges": ["a b"]}, "pre_tokenizer": {"type": "ByteLevel"}, "decoder":
                    {"type": "ByteLevel"}, "added_tokens": [{"id": 8, "content": " x", "lstrip": true, "rstrip": true}],
                    "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0]}}\
                    """, """
                    {"model": {"unk_token": "u", "ignore_merges": true, "merges": [["\\u0120", "a"]], "vocab": {"<s>": 0,
                    "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": 4, "u": 9, "\\u0120": 1000, "a": 7, "\\u0120a": 8}},
                    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": true}, "decoder": {"type": "ByteLevel"},
                    "truncation": {"direction": "Left"}}\
                    """).map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    static Stream<byte[]> configs() {
        return Stream.of("{}", """
            {"added_tokens_decoder": {"421": {"content": "<new>", "special": true, "rstrip": true}}, "mask_token":
            {"content": "<new>"}, "pad_token": "</s>", "model_max_length": 1e30, "padding_side": "left"}\
            """, """
            {"additional_special_tokens": ["red", {"content": " a", "normalized": true}], "trim_offsets": false,
            "add_prefix_space": true, "clean_up_tokenization_spaces": true, "truncation_side": "left"}\
            """).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("texts")
    @FuzzTest(maxDuration = "10m")
    void text(byte[] bytes) throws IOException {
        if (demo == null) {
            demo = TokenizerFolders.loadDemo();
            slow = new SlowTokenizer(TokenizerFolders.demo());
        }
        String text = new String(bytes, StandardCharsets.UTF_16BE);
        StringBuilder raw = new StringBuilder();
        for (int i = 0; i + 1 < bytes.length; i += 2) raw.append((char) (bytes[i] << 8 | bytes[i + 1] & 0xFF));
        check(demo, text);
        check(demo, raw.toString());
        List<Integer> ids =
                Arrays.stream(demo.encode(raw.toString()).ids()).boxed().toList();
        if (!ids.equals(slow.encode(raw.toString()))) throw new AssertionError(raw);
    }

    @MethodSource("jsons")
    @FuzzTest(maxDuration = "10m")
    void tokenizerJson(byte[] bytes) throws IOException {
        load("tokenizer.json", bytes);
    }

    @MethodSource("configs")
    @FuzzTest(maxDuration = "10m")
    void tokenizerConfig(byte[] bytes) throws IOException {
        for (String name : List.of("vocab.json", "merges.txt")) {
            if (!Files.exists(folder.resolve(name))) TokenizerFolders.copyOfDemo(folder, name);
        }
        load("tokenizer_config.json", bytes);
    }

    private void load(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        Tokenizer tokenizer;
        try {
            tokenizer = Tokenizer.load(folder);
        } catch (MalformedFileException e) {
            return;
        }
        check(tokenizer, TEXT);
        tokenizer.save(folder.resolve("saved"));
        Tokenizer saved = Tokenizer.load(folder.resolve("saved"));
        Encoding expected = tokenizer.encode(TEXT);
        Encoding found = saved.encode(TEXT);
        if (!found.tokens().equals(expected.tokens()) || !found.offsets().equals(expected.offsets())) {
            throw new AssertionError(expected.tokens() + " became " + found.tokens());
        }
    }

    private static void check(Tokenizer tokenizer, String text) {
        Encoding encoding = tokenizer.encode(text);
        if (encoding.tokens().size() != encoding.ids().length) throw new AssertionError(text);
        List<Span> places = new ArrayList<>(encoding.offsets());
        places.removeIf(span -> span == null);
        for (Span span : places) {
            if (span.start() < 0 || span.start() > span.end() || span.end() > text.length()) {
                throw new AssertionError(span + " of " + text);
            }
        }
        if (encoding.codePointOffsets().size() != encoding.length()) throw new AssertionError(text);
        tokenizer.decode(encoding.ids(), true, true);
        EncodingOptions options = EncodingOptions.DEFAULT
                .windows(true)
                .truncation(Truncation.longestFirst(8).stride(1))
                .padding(Padding.longest());
        for (int length :
                tokenizer.encodeBatch(List.of(text), List.of(text), options).lengths()) {
            if (length > 8) throw new AssertionError(text);
        }
    }
}
