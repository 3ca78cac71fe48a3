package io.bridgetower.processor.text.files;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.files.AtomicFile;
import io.bridgetower.processor.text.bpe.TokenizerDefinition;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Finds, reads and writes the files of a tokenizer. */
public final class TokenizerFiles {
    private static final JsonFactory JSON = new JsonFactory();

    private TokenizerFiles() {}

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes all files of a tokenizer into {@code directory}, which is created if need be. */
    public static void write(TokenizerDefinition definition, Path directory) throws IOException {
        Files.createDirectories(directory);
        Vocabulary vocabulary = definition.vocabulary();
        // Plain vocabulary and merges first: where a reader finds the newest form, the others are there too.
        write(directory.resolve("vocab.json"), false, json -> VocabularyJson.write(vocabulary, json));
        AtomicFile.write(
                directory.resolve("merges.txt"), MergesFile.write(definition).getBytes(StandardCharsets.UTF_8));
        Path extra = directory.resolve("added_tokens.json");
        if (vocabulary.hasExtra()) write(extra, true, json -> VocabularyJson.writeExtra(vocabulary, json));
        else Files.deleteIfExists(extra);
        write(
                directory.resolve("special_tokens_map.json"),
                true,
                json -> new TokenizerSettingsWriter(definition, json).writeSpecialTokens());
        write(
                directory.resolve("tokenizer_config.json"),
                true,
                json -> new TokenizerSettingsWriter(definition, json).writeConfig());
        write(directory.resolve("tokenizer.json"), true, json -> new TokenizerJsonWriter(definition, json).write());
    }

    private static void write(Path file, boolean pretty, Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            if (pretty) json.useDefaultPrettyPrinter();
            content.write(json);
        }
        AtomicFile.write(file, bytes.toByteArray());
    }

    /** Reads the tokenizer of {@code directory}: {@code tokenizer.json} if it is there, else vocabulary and merges. */
    public static TokenizerDefinition read(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) throw new NoSuchFileException(directory.toString(), null, "not a directory");
        TokenizerSettings settings = TokenizerSettings.read(directory);
        Path json = directory.resolve("tokenizer.json");
        if (Files.exists(json)) return TokenizerJson.read(json).complete(settings);

        Path vocabulary = directory.resolve("vocab.json");
        Path merges = directory.resolve("merges.txt");
        if (!Files.exists(vocabulary) || !Files.exists(merges)) {
            String missing = Files.exists(vocabulary) ? "merges.txt" : "vocab.json";
            String problem = "no tokenizer here: tokenizer.json is missing, and so is " + missing
                    + " of vocab.json and merges.txt";
            throw new NoSuchFileException(directory.toString(), null, problem);
        }
        TokenizerDraft draft = new TokenizerDraft(merges, "merges");
        VocabularyJson.read(vocabulary, draft.vocabulary);
        MergesFile.read(merges, draft.merges);
        return draft.complete(settings);
    }
}
