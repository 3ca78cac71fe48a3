package io.bridgetower.processor.text.files;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.text.bpe.MergeList;
import io.bridgetower.processor.text.bpe.Merges;
import io.bridgetower.processor.text.bpe.TokenizerDefinition;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes {@code merges.txt}: a line for each merge, the first of the highest precedence. */
final class MergesFile {
    private MergesFile() {}

    static String write(TokenizerDefinition definition) {
        StringBuilder lines = new StringBuilder("#version: 0.2\n");
        for (int i = 0; i < definition.merges().size(); i++) {
            lines.append(line(definition, i)).append('\n');
        }
        return lines.toString();
    }

    /** Merge number {@code index} as files write it. */
    static String line(TokenizerDefinition definition, int index) {
        Vocabulary vocabulary = definition.vocabulary();
        Merges merges = definition.merges();
        return vocabulary.tokenOf(merges.left(index)) + ' ' + vocabulary.tokenOf(merges.right(index));
    }

    static void read(Path file, MergeList merges) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                if (line.startsWith("#version") || line.isEmpty()) continue;
                String refusal = merges.add(line);
                if (refusal != null) throw new MalformedFileException(file, "line " + number, refusal);
            }
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(file, null, "not valid UTF-8", e);
        }
    }
}
