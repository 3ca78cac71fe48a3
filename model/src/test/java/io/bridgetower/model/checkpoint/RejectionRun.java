package io.bridgetower.model.checkpoint;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Opens every file of a directory, in a process with little memory, and demands that each is refused by name. */
final class RejectionRun {
    private RejectionRun() {}

    public static void main(String[] args) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(Path.of(args[0]))) {
            files = list.sorted().toList();
        }
        for (Path file : files) {
            try {
                open(file);
            } catch (MalformedFileException e) {
                if (!file.equals(e.file())) throw new AssertionError("complains about another file", e);
                continue;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("cannot stand " + file, e);
            }
            throw new AssertionError("reads " + file);
        }
        System.out.println("refused " + files.size());
    }

    private static void open(Path file) throws IOException {
        if (file.getFileName().toString().startsWith("config")) BridgeTowerConfig.load(file);
        else StoredTensors.open(file).close();
    }
}
