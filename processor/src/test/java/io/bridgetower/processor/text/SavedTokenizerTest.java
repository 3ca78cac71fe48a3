package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tokenizer writes is read back as a tokenizer that does the same, whichever of the files are read. */
class SavedTokenizerTest {
    private static final int TEXTS = 2_000;

    @TempDir
    private Path folder;

    @Test
    void theDemoTokenizerSurvives() throws IOException {
        check(TokenizerFolders.loadDemo());
    }

    @Test
    void robertaSurvives() throws IOException {
        Path roberta = TokenizerFolders.robertaOrSkip();
        check(Tokenizer.load(roberta));
        assertEquals(-1, Files.mismatch(roberta.resolve("merges.txt"), folder.resolve("all/merges.txt")));
    }

    @Test
    void settingsAndAddedTokensSurvive() throws IOException {
        Tokenizer tokenizer = withSettings();
        check(tokenizer);
        assertTrue(Files.exists(folder.resolve("all/added_tokens.json")));
        Tokenizer saved = Tokenizer.load(folder.resolve("all"));
        assertEquals(Side.LEFT, saved.paddingSide());
        assertEquals(Side.LEFT, saved.truncationSide());
        assertEquals(Integer.MAX_VALUE, saved.modelMaxLength());
        assertEquals(" 1.", saved.decode(saved.encode("1 .").ids(), true));
    }

    @Test
    void unframedAndUntrimmedTokenizersSurvive() throws IOException {
        Path json = TokenizerFolders.copyOfDemo(folder, "tokenizer.json").resolve("tokenizer.json");
        String text = Files.readString(json)
                .replaceFirst("\"post_processor\": \\{", "\"post_processor\": null, \"x\": {")
                .replaceFirst("\"fuse_unk\": false", "\"fuse_unk\": false, \"ignore_merges\": true")
                .replaceFirst("\"unk_token\": null", "\"unk_token\": \"<unk>\"")
                .replaceFirst("\"z\": \\d+, ", "");
        Files.writeString(json, text);
        Tokenizer tokenizer = Tokenizer.load(folder);
        assertEquals(List.of("Ġ", "<unk>"), tokenizer.encode(" z").tokens());
        tokenizer.save(folder.resolve("all"));
        assertSame(tokenizer, Tokenizer.load(folder.resolve("all")), 11);
    }

    @Test
    void anOlderVersionIsReplacedWholly() throws IOException {
        Path target = folder.resolve("all");
        withSettings().save(target);
        Tokenizer demo = TokenizerFolders.loadDemo();
        demo.save(target);
        assertEquals(
                Set.of(
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "special_tokens_map.json",
                        "vocab.json",
                        "merges.txt"),
                names(target));
        assertSame(demo, Tokenizer.load(target), 12);
    }

    @Test
    void whatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path target = Files.createDirectories(folder.resolve("all"));
        Files.createDirectory(target.resolve("vocab.json"));
        assertThrows(IOException.class, () -> TokenizerFolders.loadDemo().save(target));
        assertEquals(Set.of("vocab.json"), names(target));
        Path file = Files.createFile(folder.resolve("file"));
        assertThrows(IOException.class, () -> TokenizerFolders.loadDemo().save(file));
    }

    @Test
    void linksAreWrittenThrough() throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "{}");
        Path target = Files.createDirectories(folder.resolve("all"));
        Files.createSymbolicLink(target.resolve("vocab.json"), real);
        TokenizerFolders.loadDemo().save(target);
        assertTrue(Files.isSymbolicLink(target.resolve("vocab.json")));
        assertFalse(Files.readString(real).equals("{}"));
    }

    private Tokenizer withSettings() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        TokenizerFolders.copyOfDemo(source, "vocab.json", "merges.txt");
        Files.writeString(source.resolve("added_tokens.json"), """
            {"<old>": 420}\
            """);
        Files.writeString(source.resolve("tokenizer_config.json"), """
            {"added_tokens_decoder": {
               "421": {"content": "<new>", "special": true, "rstrip": true},
               "422": {"content": "日本", "single_word": true, "lstrip": true, "normalized": true}},
             "additional_special_tokens": ["cat", {"content": " dog", "normalized": true}],
             "mask_token": {"content": "<new>"}, "pad_token": "</s>", "add_prefix_space": true, "trim_offsets": false,
             "clean_up_tokenization_spaces": true, "padding_side": "left", "truncation_side": "left"}\
            """);
        return Tokenizer.load(source);
    }

    private void check(Tokenizer tokenizer) throws IOException {
        Path all = folder.resolve("all");
        tokenizer.save(all);
        assertSame(tokenizer, Tokenizer.load(all), 7);
        for (String left : List.of("tokenizer.json", "vocab.json")) {
            Path part = Files.createDirectories(folder.resolve("without " + left));
            try (Stream<Path> files = Files.list(all)) {
                for (Path file : files.toList()) {
                    if (!file.endsWith(left)) Files.copy(file, part.resolve(file.getFileName()));
                }
            }
            assertSame(tokenizer, Tokenizer.load(part), 8);
        }
    }

    private static void assertSame(Tokenizer expected, Tokenizer found, long seed) {
        RandomText texts = new RandomText(seed, true);
        EncodingOptions options = EncodingOptions.DEFAULT
                .truncation(Truncation.longestFirst(16))
                .windows(true)
                .padding(Padding.toLength(16));
        assertEquals(expected.vocabularySize(), found.vocabularySize());
        assertEquals(expected.modelMaxLength(), found.modelMaxLength());
        for (int i = 0; i < TEXTS; i++) {
            String text = texts.next();
            Encoding wanted = expected.encode(text);
            Encoding encoding = found.encode(text);
            assertEquals(wanted.tokens(), encoding.tokens(), text);
            assertEquals(wanted.offsets(), encoding.offsets(), text);
            assertArrayEquals(wanted.ids(), encoding.ids(), text);
            assertEquals(expected.decode(wanted.ids(), true), found.decode(wanted.ids(), true), text);
            assertArrayEquals(
                    expected.encodeBatch(List.of(text), options).inputIds(),
                    found.encodeBatch(List.of(text), options).inputIds(),
                    text);
        }
        assertArrayEquals(roles(expected), roles(found));
    }

    private static int[] roles(Tokenizer tokenizer) {
        return new int[] {
            tokenizer.bosId(),
            tokenizer.eosId(),
            tokenizer.clsId(),
            tokenizer.sepId(),
            tokenizer.unkId(),
            tokenizer.padId(),
            tokenizer.maskId()
        };
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
