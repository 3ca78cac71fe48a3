package io.bridgetower.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
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
    void windowsReplacesFilesToo() throws IOException {
        try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
            Path file = Files.createDirectory(windows.getPath("C:\\out")).resolve("file");
            AtomicFile.write(file, "old");
            AtomicFile.write(file, "new");
            assertEquals("new", Files.readString(file));
            try (var entries = Files.list(file.getParent())) {
                assertEquals(1, entries.count());
            }
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

    @Test
    void aFileHasThePermissionsOfANewFile() throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class));
        Path plain = Files.writeString(directory.resolve("plain"), "plain");
        Path file = directory.resolve("file");
        AtomicFile.write(file, "new");
        assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(file));
    }

    @Test
    void leftoversAreKnownByTheirNames() throws IOException {
        Path target = directory.resolve("file");
        try (AtomicFile _ = new AtomicFile(target);
                var entries = Files.list(directory)) {
            List<Path> leftovers = entries.toList();
            assertEquals(1, leftovers.size());
            assertTrue(AtomicFile.isLeftover(leftovers.getFirst(), target));
        }
        assertFalse(AtomicFile.isLeftover(target, target));
        assertFalse(AtomicFile.isLeftover(directory.resolve(".other.1.tmp"), target));
    }
}
