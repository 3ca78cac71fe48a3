package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Added tokens and their flags, and what the files beside {@code tokenizer.json} say. */
class AddedTokensTest {
    private static final EncodingOptions BARE = EncodingOptions.DEFAULT.specialTokens(false);

    @TempDir
    private Path folder;

    @Test
    void theMaskTakesTheSpaceBefore() {
        Tokenizer tokenizer = TokenizerFolders.loadDemo();
        Encoding encoding = tokenizer.encode("1 \t<mask> 2");
        assertEquals(List.of("<s>", "1", " \t<mask>", "Ġ", "2", "</s>"), encoding.tokens());
        assertEquals(new Span(3, 9), encoding.offsets().get(2));
        assertEquals(
                "1<mask> 2",
                tokenizer.decode(tokenizer.encode("1 \t<mask> 2", BARE).ids(), false));
        assertEquals("1 2", tokenizer.decode(encoding.ids(), true));
    }

    @Test
    void flagsAreObeyed() throws IOException {
        Tokenizer tokenizer = withAdded("""
            {"id": 420, "content": "LL", "lstrip": true}, {"id": 421, "content": "RR", "rstrip": true},
            {"id": 422, "content": "one", "single_word": true}, {"id": 423, "content": "<x>"},
            {"id": 424, "content": "<xy>"}, {"id": 425, "content": "<x", "special": true, "normalized": true}\
            """);
        assertEquals("1|  LL|Ġ|Ġ|2", tokens(tokenizer, "1  LL  2"));
        assertEquals("1|Ġ|Ġ|RR  |2", tokens(tokenizer, "1  RR  2"));
        assertEquals("RR \u3000|LL", tokens(tokenizer, "RR \u3000LL"));
        assertEquals("one|,|one|!", tokens(tokenizer, "one,one!"));
        assertEquals("one", tokens(tokenizer, "one"));
        assertEquals(
                false, tokens(tokenizer, "none one1 oneé one_ one\u0301 éone").contains("|one|"));
        assertEquals("<x>|<xy>|<x|z|<|y", tokens(tokenizer, "<x><xy><xz<y"), "the longest wins");
        assertEquals("<x>z", tokenizer.decode(tokenizer.encode("<x><xz", BARE).ids(), true));
    }

    @Test
    void normalizedTokensAreFoundAfterTheOthers() throws IOException {
        Tokenizer tokenizer = withAdded("""
            {"id": 420, "content": "12", "normalized": true}, {"id": 421, "content": "23", "normalized": false}\
            """);
        assertEquals("1|23", tokens(tokenizer, "123"));
        assertEquals("12", tokens(tokenizer, "12"));
    }

    @Test
    void settingsAddTokensAndChooseRoles() throws IOException {
        TokenizerFolders.copyOfDemo(folder, "vocab.json", "merges.txt");
        Files.writeString(folder.resolve("added_tokens.json"), """
            {"<old>": 420}\
            """);
        Files.writeString(folder.resolve("tokenizer_config.json"), """
            {"added_tokens_decoder": {"421": {"content": "<new>", "special": true, "rstrip": true}},
             "mask_token": {"content": "<new>"}, "pad_token": "</s>", "model_max_length": 1e30,
             "clean_up_tokenization_spaces": true}\
            """);
        Tokenizer tokenizer = Tokenizer.load(folder);
        assertEquals("1|<new> |2|<old>", tokens(tokenizer, "1<new> 2<old>"));
        assertEquals(421, tokenizer.maskId());
        assertEquals(tokenizer.eosId(), tokenizer.padId());
        assertEquals(Integer.MAX_VALUE, tokenizer.modelMaxLength());
        assertEquals("1.", tokenizer.decode(tokenizer.encode("1 .", BARE).ids(), true));
        assertEquals("1 .", tokenizer.decode(tokenizer.encode("1 .", BARE).ids(), true, false));
    }

    @Test
    void aSpaceIsPutBeforeTheTextWhereAskedFor() throws IOException {
        TokenizerFolders.copyOfDemo(folder);
        Files.writeString(folder.resolve("tokenizer_config.json"), """
            {"add_prefix_space": true}\
            """);
        Tokenizer prefixing = Tokenizer.load(folder);
        Encoding encoding = prefixing.encode("a red<s>😀", BARE);
        assertEquals(List.of("Ġa", "Ġred", "<s>"), encoding.tokens().subList(0, 3));
        assertEquals(
                List.of(new Span(0, 1), new Span(2, 5), new Span(5, 8)),
                encoding.offsets().subList(0, 3));
        assertEquals(new Span(8, 10), encoding.offsets().getLast());
        assertEquals(List.of("Ġa"), prefixing.encode(" a", BARE).tokens());
        assertEquals(0, prefixing.encode("", BARE).length());
    }

    private Tokenizer withAdded(String entries) throws IOException {
        TokenizerFolders.copyOfDemo(folder);
        Path json = folder.resolve("tokenizer.json");
        String before = "\"added_tokens\":";
        String text = Files.readString(json).replaceFirst("\"added_tokens\":\\s*\\[", before + "[" + entries + ",");
        Files.writeString(json, text);
        return Tokenizer.load(folder);
    }

    private static String tokens(Tokenizer tokenizer, String text) {
        return tokenizer.encode(text, BARE).tokens().stream().collect(Collectors.joining("|"));
    }
}
