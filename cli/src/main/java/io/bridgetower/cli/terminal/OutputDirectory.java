package io.bridgetower.cli.terminal;

import io.bridgetower.files.AtomicFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model directory that a command writes: next to its target, and moved there when it is complete. A failure leaves the
 * target as it was.
 */
public final class OutputDirectory implements AutoCloseable {
    /** Moved last, for without it nothing takes a directory for a model. */
    private static final String LAST = "config.json";

    private final Path target;
    private final Path temporary;

    /** @param target may exist; the directories above it are created if need be */
    public OutputDirectory(Path target) throws IOException {
        this.target = Files.exists(target)
                ? target.toRealPath()
                : target.toAbsolutePath().normalize();
        Path parent = this.target.getParent();
        if (parent == null) parent = this.target;
        Files.createDirectories(parent);
        temporary = Files.createTempDirectory(parent, "." + this.target.getFileName() + ".");
    }

    /** A directory to create and write to. */
    public Path path() {
        // Has the permissions that the process gives to new directories, unlike one of createTempDirectory.
        return temporary.resolve("new");
    }

    /** Moves everything to the target, over files of the same names; others in the target stay. */
    public void commit() throws IOException {
        if (!Files.exists(target)) {
            AtomicFile.replace(path(), target);
            return;
        }
        List<Path> files;
        try (Stream<Path> written = Files.list(path())) {
            files = new ArrayList<>(written.toList());
        }
        files.sort(Comparator.comparing(file -> file.getFileName().toString().equals(LAST)));
        for (Path file : files) AtomicFile.replace(file, target.resolve(file.getFileName()));
    }

    /** Deletes what was not moved. */
    @Override
    public void close() throws IOException {
        Files.walkFileTree(temporary, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
