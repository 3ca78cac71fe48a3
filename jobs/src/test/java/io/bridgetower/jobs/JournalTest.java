package io.bridgetower.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Map<String, String> MANIFEST = Map.of("task", "match");
    private static final Journal.Checkpoint FIRST = new Journal.Checkpoint(10, 1, 500);
    private static final Journal.Checkpoint SECOND = new Journal.Checkpoint(30, 2, 1500);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("journal");
        try (Journal journal = Journal.open(file, MANIFEST)) {
            assertEquals(Journal.Checkpoint.NONE, journal.last());
            journal.append(FIRST);
            journal.append(SECOND);
        }
    }

    /** Wherever the file is torn, the job is where the last whole line says, and lines that follow are whole. */
    @Test
    void whatAKilledRunHasTornIsCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            Files.write(file, torn);
            long lines = new String(torn).chars().filter(c -> c == '\n').count();
            Journal.Checkpoint expected = lines < 2 ? Journal.Checkpoint.NONE : lines == 2 ? FIRST : SECOND;
            try (Journal journal = Journal.open(file, MANIFEST)) {
                assertEquals(expected, journal.last(), "torn after " + length);
                journal.append(SECOND);
            }
            try (Journal journal = Journal.open(file, MANIFEST)) {
                assertEquals(SECOND, journal.last());
            }
        }
    }

    @Test
    void anotherJobIsRefusedWithTheFieldThatDiffers() {
        var refused =
                assertThrows(MalformedFileException.class, () -> Journal.open(file, Map.of("task", "contrastive")));
        assertEquals(
                file + ": task: the job that began here had match, this one has contrastive", refused.getMessage());
    }

    @Test
    void whatIsNoJournalIsRefused() throws IOException {
        Files.writeString(file, "hello\n");
        assertThrows(MalformedFileException.class, () -> Journal.open(file, MANIFEST));
        Files.writeString(file, "{\"task\":\"match\"}\n{\"rows\":\"many\"}\n");
        assertThrows(MalformedFileException.class, () -> Journal.open(file, MANIFEST));
    }

    @Test
    void twoJobsCannotWriteTheSame() throws IOException {
        try (Journal journal = Journal.open(file, MANIFEST)) {
            assertEquals(SECOND, journal.last());
            var refused = assertThrows(FileSystemException.class, () -> Journal.open(file, MANIFEST));
            assertTrue(refused.getMessage().endsWith("another job writes here"), refused.getMessage());
        }
    }
}
