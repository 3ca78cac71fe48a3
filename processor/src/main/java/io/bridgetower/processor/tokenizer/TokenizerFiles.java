package io.bridgetower.processor.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Finds and reads the files of a tokenizer. */
public final class TokenizerFiles {
    private TokenizerFiles() {}

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
