package io.bridgetower.cli.terminal;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command needs to read in any order, or more than once. */
public final class RegularFile {
    private RegularFile() {}

    /** Refuses what can only be read once, from its start to its end; a pipe would be waited for without a word. */
    public static void check(Path file) throws Failure {
        if (Files.isDirectory(file)) throw new Failure(file + ": expected a file, found a directory");
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new Failure(file + ": expected a regular file; write to one what comes from a pipe");
        }
    }
}
