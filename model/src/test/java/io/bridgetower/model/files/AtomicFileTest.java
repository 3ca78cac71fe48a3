package io.bridgetower.model.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path directory;

    @Test
    void withoutACommitTheOldFileStays() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        new AtomicFile(file).close();
        assertEquals("old", Files.readString(file));
        AtomicFile.write(file, "new");
        assertEquals("new", Files.readString(file));
        try (var entries = Files.list(directory)) {
            assertEquals(1, entries.count());
        }
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
        AtomicFile.write(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
    }

    @Test
    void whatIsNoRegularFileIsNotReplaced() throws IOException {
        Path taken = Files.createDirectory(directory.resolve("taken"));
        assertThrows(FileSystemException.class, () -> new AtomicFile(taken));
        assertThrows(NoSuchFileException.class, () -> new AtomicFile(directory.resolve("none/file")));
    }
}
