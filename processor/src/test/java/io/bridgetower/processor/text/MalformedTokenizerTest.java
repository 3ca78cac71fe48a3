package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are missing, truncated, lying or hostile: one exception that names the file and the field. */
class MalformedTokenizerTest {
    @TempDir
    private Path folder;

    @Test
    void missingFilesAreNamed() throws IOException {
        assertMissing(folder.resolve("nowhere"), "nowhere");
        assertMissing(folder, "tokenizer.json", "vocab.json", "merges.txt");
        TokenizerFolders.copyOfDemo(folder, "vocab.json");
        assertMissing(folder, "tokenizer.json is missing, and so is merges.txt");
    }

    /** A change to tokenizer.json by a regular expression, the field complained of, and a part of the complaint. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        "<pad>": ?1 | "<pad>": 0 | model.vocab.<pad> | id 0 is that of "<s>" already
        "<pad>": ?1 | "<s>": 1 | model.vocab.<s> | Duplicate
        "<pad>": ?1 | "<pad>": -1 | model.vocab.<pad> | id -1 is not in 0
        "<pad>": ?1 | "<pad>": 2000000000 | model.vocab.<pad> | id 2000000000 is not in 0
        "<pad>": ?1 | "<pad>": 99999999999999999999 | model.vocab.<pad> | does not fit 64 bits
        "<pad>": ?1 | "<pad>": 1.5 | model.vocab.<pad> | expected an integer
        "<pad>": ?1 | "<pad>": null | model.vocab.<pad> | expected an integer
        "<pad>": ?1 | "<pad>": [[[1]]] | model.vocab.<pad> | expected an integer, found an array
        "vocab": ?\\{ | "vocab": 3, "x": { | model.vocab | expected an object
        "vocab": ?\\{ | "words": { | model.vocab | missing
        "merges": ?\\[ | "merges": {}, "x": [ | model.merges | expected an array
        "merges": ?\\[ | "merges": [7, | model.merges[0] | expected two tokens
        "merges": ?\\[ | "merges": [null, | model.merges[0] | null
        "merges": ?\\[ | "merges": ["a b c", | model.merges[0] | expected two tokens with a space
        "merges": ?\\[ | "merges": ["ab", | model.merges[0] | expected two tokens with a space
        "merges": ?\\[ | "merges": ["a ", | model.merges[0] | empty token
        "merges": ?\\[ | "merges": [["a"], | model.merges[0] | expected two tokens
        "merges": ?\\[ | "merges": [["a", " b"], | model.merges[0] | a merge of a space
        "padding": ?null | "padding": {"direction": "Up"} | padding.direction | expected Left or Right, found Up
        "merges": ?\\[ | "merges": ["z ~", | model.merges[0] | needs the token "z~"
        "type": ?"BPE" | "type": "Unigram" | model.type | expected BPE, found Unigram
        "dropout": ?null | "dropout": 0.1 | model.dropout | expected null
        "fuse_unk": ?false | "fuse_unk": 1 | model.fuse_unk | expected true or false, found 1
        "unk_token": ?null | "unk_token": "<?>" | model.unk_token | the vocabulary lacks "<?>"
        "end_of_word_suffix": ?"" | "end_of_word_suffix": "_" | model.end_of_word_suffix | none
        "normalizer": ?null | "normalizer": {"type": "NFC"} | normalizer | expected null
        "pre_tokenizer": ?\\{ | "pre_tokenizer": 1, "x": { | pre_tokenizer | expected an object, found 1
        "pre_tokenizer": ?\\{ | "x": { | pre_tokenizer | missing
        "type": ?"RobertaProcessing" | "type": "Bert" | post_processor.type | found Bert
        "cls": ?\\[ | "cls": [7, | post_processor.cls | expected a token and its id
        "cls": ?\\[ | "cls": ["<s>", 7], "x": [ | post_processor.cls | has the id 0 there
        "added_tokens": ?\\[ | "added_tokens": [5, | added_tokens[0] | expected an object
        "added_tokens": ?\\[ | "added_tokens": {}, "x": [ | added_tokens | expected an array
        "added_tokens": ?\\[ | "added_tokens": [{}, | added_tokens[0].id | missing
        "added_tokens": ?\\[ | "added_tokens": [{"id": 9}, | added_tokens[0].content | missing
        "added_tokens": ?\\[ | "added_tokens": [{"id": 9, "content": ""}, | added_tokens[0].content | found 0
        "added_tokens": ?\\[ | "added_tokens": [{"id": 0, "content": "x!"}, | added_tokens[0].content | id 0
        "added_tokens": ?\\[ | "added_tokens": [{"id": 900, "content": "<s>"}, | added_tokens[0].content | id 0
        "added_tokens": ?\\[ | "added_tokens": [{"id": 2, "content": 3}, | added_tokens[0].content | found 3
        """)
    void fieldsOfTokenizerJson(String pattern, String replacement, String field, String problem) throws IOException {
        TokenizerFolders.copyOfDemo(folder);
        Path json = folder.resolve("tokenizer.json");
        String before = Files.readString(json);
        String after = before.replaceFirst(pattern, Matcher.quoteReplacement(replacement));
        assertTrue(!after.equals(before), "the test's pattern does not occur");
        Files.writeString(json, after);
        assertMalformed("tokenizer.json", field, problem);
    }

    /** The name and the content of a file beside vocab.json and merges.txt, the field and a part of the complaint. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "null", textBlock = """
        vocab.json | [] | null | expected an object
        vocab.json | {"<s>": 0 | null | not valid JSON
        vocab.json | {"<s>": 0} {} | null | expected the end
        vocab.json | {"a": 0} | null | null
        merges.txt | a | line 1 | expected two tokens
        merges.txt | a b c | line 1 | expected two tokens
        merges.txt | zz q | merges[0] | needs the token "zz"
        tokenizer_config.json | {"add_prefix_space": "yes"} | add_prefix_space | expected true or false
        tokenizer_config.json | {"model_max_length": -3} | model_max_length | expected 1 or more
        tokenizer_config.json | {"model_max_length": "x"} | model_max_length | expected an integer
        tokenizer_config.json | {"added_tokens_decoder": {"x": {}}} | added_tokens_decoder.x | as the name
        tokenizer_config.json | {"added_tokens_decoder": {"5": 1}} | added_tokens_decoder.5 | an object
        tokenizer_config.json | {"mask_token": "<none>"} | mask_token | the vocabulary lacks
        tokenizer_config.json | {"mask_token": 5} | mask_token | expected a string, found 5
        tokenizer_config.json | {"mask_token": {"lstrip": true}} | mask_token.content | missing
        tokenizer_config.json | {"padding_side": "up"} | padding_side | expected left or right, found up
        tokenizer_config.json | {"truncation_side": 1} | truncation_side | expected a string, found 1
        tokenizer_config.json | {"additional_special_tokens": [5]} | additional_special_tokens[0] | an object
        tokenizer_config.json | {"x": "\\ud800"} | x | a surrogate without its partner: \\ud800
        special_tokens_map.json | {"pad_token": ""} | pad_token | expected 1 to 256
        special_tokens_map.json | nonsense | null | not valid JSON
        added_tokens.json | {"<x>": "1"} | <x> | expected an integer
        added_tokens.json | {"<x>": 1} | <x> | id 1 is that of
        """)
    void otherFiles(String name, String content, String field, String problem) throws IOException {
        TokenizerFolders.copyOfDemo(folder, "vocab.json", "merges.txt");
        Files.writeString(folder.resolve(name), content);
        if (problem != null) assertMalformed(name, field, problem);
        else assertThrows(MalformedFileException.class, () -> Tokenizer.load(folder));
    }

    @Test
    void deepNestingAndInvalidUtf8() throws IOException {
        Path json = folder.resolve("tokenizer.json");
        Files.writeString(json, "{\"x\":" + "[".repeat(100_000));
        assertMalformed("tokenizer.json", null, "");
        Files.write(json, new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
        assertMalformed("tokenizer.json", null, "not valid UTF-8");
        Files.write(json, new byte[0]);
        assertMalformed("tokenizer.json", null, "ends early");
        Files.delete(json);
        TokenizerFolders.copyOfDemo(folder, "vocab.json");
        Files.write(folder.resolve("merges.txt"), new byte[] {(byte) 0xFF});
        assertMalformed("merges.txt", null, "not valid UTF-8");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        TokenizerFolders.copyOfDemo(folder);
        Path json = folder.resolve("tokenizer.json");
        byte[] whole = Files.readString(json).strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length += 37) {
            Files.write(json, Arrays.copyOf(whole, length));
            assertThrows(MalformedFileException.class, () -> Tokenizer.load(folder));
        }
    }

    @Test
    void randomDamageLoadsOrIsRefused() throws IOException {
        TokenizerFolders.copyOfDemo(folder);
        Path json = folder.resolve("tokenizer.json");
        byte[] whole = Files.readAllBytes(json);
        Random random = new Random(13);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) (random.nextBoolean() ? random.nextInt(128) : '"');
            }
            Files.write(json, damaged);
            try {
                Tokenizer.load(folder).encode("a red circle <mask>").tokens();
            } catch (MalformedFileException e) {
                assertEquals(json, e.file());
                refused++;
            }
        }
        assertTrue(refused > 100 && refused < 1_000, refused + " refused");
    }

    private void assertMalformed(String file, String field, String problem) {
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> Tokenizer.load(folder));
        assertEquals(folder.resolve(file), e.file(), e.getMessage());
        if (field != null) assertEquals(field, e.field(), e.getMessage());
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }

    private static void assertMissing(Path directory, String... names) {
        String message = assertThrows(NoSuchFileException.class, () -> Tokenizer.load(directory))
                .getMessage();
        for (String name : names) assertTrue(message.contains(name), message);
    }
}
