package io.bridgetower.processor.tokenizer;

import io.bridgetower.engine.MalformedFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code merges.txt}: a line for each merge, the first of the highest precedence. */
final class MergesFile {
    private MergesFile() {}

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
