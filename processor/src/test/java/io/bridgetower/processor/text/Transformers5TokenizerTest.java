package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers as Transformers 5 saves them: {@code tokenizer.json} and {@code tokenizer_config.json} alone. */
class Transformers5TokenizerTest {
    private static final EncodingOptions BARE = EncodingOptions.DEFAULT.specialTokens(false);

    /** What {@code RobertaTokenizer.save_pretrained} of 5.18 writes. */
    private static final String CONFIG = """
        {"add_prefix_space": false, "backend": "tokenizers", "bos_token": "<s>", "cls_token": "<s>",
         "eos_token": "</s>", "errors": "replace", "extra_special_tokens": [], "is_local": true,
         "local_files_only": false, "mask_token": "<mask>", "model_max_length": 64, "pad_token": "<pad>",
         "processor_class": "BridgeTowerProcessor", "sep_token": "</s>", "tokenizer_class": "RobertaTokenizer",
         "trim_offsets": true, "unk_token": "<unk>"}\
        """;

    private static final String TEXT = "a red circle <mask> and 2 blue squares";

    @TempDir
    private Path folder;

    private final Tokenizer demo = TokenizerFolders.loadDemo();

    @BeforeEach
    void copyTheDemoTokenizer() throws IOException {
        TokenizerFolders.copyOfDemo(folder, "tokenizer.json");
        config(CONFIG);
    }

    @Test
    void theTwoFilesSuffice() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(folder);
        assertSame(tokenizer);
        assertEquals(64, tokenizer.modelMaxLength());
    }

    @Test
    void tokenizerJsonAloneSuffices() throws IOException {
        Files.delete(folder.resolve("tokenizer_config.json"));
        Tokenizer tokenizer = Tokenizer.load(folder);
        assertSame(tokenizer);
        assertEquals(Integer.MAX_VALUE, tokenizer.modelMaxLength());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e30", "1000000000000000019884624838656", "1E+30"})
    void anEndlessLengthIsNone(String length) throws IOException {
        config(CONFIG.replace("64", length));
        assertEquals(Integer.MAX_VALUE, Tokenizer.load(folder).modelMaxLength());
    }

    @Test
    void mergesMayBePairs() throws IOException {
        Path json = folder.resolve("tokenizer.json");
        String text = Files.readString(json);
        String merges = text.substring(text.indexOf('[', text.indexOf("\"merges\"")));
        String pairs =
                Pattern.compile("\"([^\" ]+) ([^\" ]+)\"").matcher(merges).replaceAll("[\"$1\", \"$2\"]");
        assertTrue(pairs.contains("[\"Ġ\", "), pairs);
        String both = text.replace(merges, pairs)
                .replaceFirst("\"fuse_unk\"", "\"byte_fallback\": false, \"ignore_merges\": false, \"fuse_unk\"")
                .replaceAll("\"trim_offsets\": true", "\"trim_offsets\": true, \"use_regex\": true");
        Files.writeString(json, both);
        assertSame(Tokenizer.load(folder));
    }

    @Test
    void specialTokensMayBeDescribed() throws IOException {
        config(CONFIG.replace(
                "\"mask_token\": \"<mask>\"",
                "\"mask_token\": {\"__type\": \"AddedToken\", \"content\": \"<mask>\", \"lstrip\": true,"
                        + " \"normalized\": false, \"rstrip\": false, \"single_word\": false, \"special\": true}"));
        assertSame(Tokenizer.load(folder));
    }

    @Test
    void extraSpecialTokensAreListedOrNamed() throws IOException {
        for (String extra : List.of(
                "[\"<a>\", {\"content\": \"<b>\", \"lstrip\": true}]",
                "{\"first_token\": \"<a>\", \"second_token\": {\"content\": \"<b>\", \"lstrip\": true}}")) {
            config(CONFIG.replace("\"extra_special_tokens\": []", "\"extra_special_tokens\": " + extra));
            Tokenizer tokenizer = Tokenizer.load(folder);
            assertEquals(demo.vocabularySize() + 2, tokenizer.vocabularySize());
            Encoding encoding = tokenizer.encode("a <b>red<a>", BARE);
            assertEquals(List.of(420, 421), List.of(encoding.ids()[encoding.length() - 1], encoding.ids()[1]));
            assertEquals("ared", tokenizer.decode(encoding.ids(), true));
        }
        config(CONFIG.replace("\"extra_special_tokens\": []", "\"extra_special_tokens\": {}"));
        assertSame(Tokenizer.load(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[5]", "\"<a>\"", "{\"a_token\": 5}", "[{}]", "{\"a_token\": null}"})
    void extraSpecialTokensThatAreNoneAreRefused(String extra) throws IOException {
        config(CONFIG.replace("\"extra_special_tokens\": []", "\"extra_special_tokens\": " + extra));
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> Tokenizer.load(folder));
        assertTrue(e.field().startsWith("extra_special_tokens"), e.getMessage());
    }

    /** As in the reference, {@code special_tokens_map.json} counts where the other file lists no added tokens. */
    @Test
    void tokensOfBothFilesAreAdded() throws IOException {
        config(CONFIG.replace("\"extra_special_tokens\": []", "\"extra_special_tokens\": [\"<a>\"]"));
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"additional_special_tokens\": [\"<b>\"]}");
        assertEquals(demo.vocabularySize() + 2, Tokenizer.load(folder).vocabularySize());
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private void assertSame(Tokenizer tokenizer) {
        Encoding expected = demo.encode(TEXT), found = tokenizer.encode(TEXT);
        assertEquals(expected.tokens(), found.tokens());
        assertEquals(expected.offsets(), found.offsets());
        assertEquals(demo.vocabularySize(), tokenizer.vocabularySize());
        assertEquals(demo.maskId(), tokenizer.maskId());
        assertEquals(demo.padId(), tokenizer.padId());
        assertEquals(demo.decode(expected.ids(), true), tokenizer.decode(found.ids(), true));
    }
}
