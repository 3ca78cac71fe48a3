package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Whether a command may replace what it finds where it is to write. */
public final class ForceOption {
    @Option(
            names = "--force",
            description = "Replace an output that exists, when the new one is complete. Without it, that is an error.")
    private boolean force;

    public boolean isGiven() {
        return force;
    }

    /** Refuses a file that exists. */
    public void check(Path file) throws Failure {
        if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) throw exists(file);
    }

    /** Refuses a directory that exists, unless it is empty. */
    public void checkDirectory(Path directory) throws IOException, Failure {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) return;
        if (!Files.isDirectory(directory)) throw new Failure(directory + ": expected a directory, found a file");
        if (force) return;
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) throw exists(directory);
        }
    }

    private static Failure exists(Path output) {
        return new Failure(output + ": exists already; --force replaces it");
    }
}
