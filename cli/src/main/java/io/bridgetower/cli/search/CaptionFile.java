package io.bridgetower.cli.search;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.TextLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A file with a caption on every line. */
final class CaptionFile {
    private CaptionFile() {}

    /** The captions, each once, without lines that are blank. */
    static List<String> read(Path file) throws IOException, Failure {
        if (Files.isDirectory(file)) throw new Failure(file + ": expected a file of captions, found a directory");
        Set<String> captions = new LinkedHashSet<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            TextLines lines = new TextLines(in, file.toString());
            for (String line = TextLines.withoutMark(lines.next()); line != null; line = lines.next()) {
                if (!line.isBlank()) captions.add(line.strip());
            }
        }
        return List.copyOf(captions);
    }
}
