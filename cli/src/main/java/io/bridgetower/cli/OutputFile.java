package io.bridgetower.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The safetensors file that a command writes. */
final class OutputFile {
    @Option(
            names = "--output",
            paramLabel = "FILE",
            required = true,
            description = "Safetensors file to write; one that exists is replaced when all is computed.")
    private Path path;

    Path path() {
        return path;
    }

    /** Checks that the file can be there, before anything that takes time. */
    void check() throws Failure {
        check(path);
    }

    /** The same for the file of a command that describes it in its own way. */
    static void check(Path path) throws Failure {
        if (Files.isDirectory(path)) throw new Failure(path + ": expected a file to write, found a directory");
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new Failure(path + ": expected a file to write, found something else, which stays as it is");
        }
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new Failure(path + ": there is no directory " + directory);
        }
    }
}
