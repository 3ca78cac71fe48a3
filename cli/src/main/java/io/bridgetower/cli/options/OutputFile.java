package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The safetensors file that a command writes. */
public final class OutputFile {
    /** Names of files that a model consists of. */
    private static final Pattern MODEL_FILE =
            Pattern.compile("(?i).*\\.(json|bin|pth?|ckpt)|merges\\.txt|.*model.*\\.safetensors");

    @Option(names = "--output", paramLabel = "FILE", required = true, description = "Safetensors file to write.")
    private Path path;

    @Mixin
    private ForceOption force;

    public Path path() {
        return path;
    }

    /** Checks that the file can be there and is none of the inputs, before anything that takes time. */
    public void check(List<Path> inputs) throws IOException, Failure {
        check(path, inputs, force);
    }

    /** The same for the file of a command that describes it in its own way. */
    public static void check(Path path, List<Path> inputs, ForceOption force) throws IOException, Failure {
        if (Files.isDirectory(path)) throw new Failure(path + ": expected a file to write, found a directory");
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new Failure(path + ": expected a file to write, found something else, which stays as it is");
        }
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new Failure(path + ": there is no directory " + directory);
        }
        checkIsNone(path, inputs);
        force.check(path);
    }

    /** Checks that a file or directory to write to is none of the inputs, also under another name. */
    public static void checkIsNone(Path path, List<Path> inputs) throws IOException, Failure {
        if (!Files.exists(path)) return;
        for (Path input : inputs) {
            if (!Files.exists(input) || !Files.isSameFile(path, input)) continue;
            throw new Failure(path + ": is the same file as the input " + input + "; name another output");
        }
    }

    /** Checks that the file is none of those of the model, before the model is read. */
    public void checkIsNotOf(Path model) throws IOException, Failure {
        checkIsNotOf(model, path);
    }

    /** The same for the file of a command that describes it in its own way. */
    public static void checkIsNotOf(Path model, Path path) throws IOException, Failure {
        if (Files.isRegularFile(model)) checkIsNone(path, List.of(model));
        if (!Files.isDirectory(model) || !Files.exists(path)) return;
        try (Stream<Path> files = Files.list(model)) {
            checkIsNone(
                    path,
                    files.filter(file -> MODEL_FILE
                                    .matcher(file.getFileName().toString())
                                    .matches())
                            .toList());
        }
    }
}
