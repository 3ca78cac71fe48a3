package io.bridgetower.jobs.journal;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        try (Journal journal = Journal.open(file)) {
            journal.begin(MANIFEST);
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
            try (Journal journal = read()) {
                assertEquals(lines == 0, journal.isEmpty(), "torn after " + length);
                assertEquals(expected, journal.last(), "torn after " + length);
                if (lines == 0) journal.begin(MANIFEST);
                journal.append(SECOND);
            }
            try (Journal journal = read()) {
                journal.check(MANIFEST);
                assertEquals(SECOND, journal.last());
            }
        }
    }

    @Test
    void whatIsOnlyLookedAtStaysAsItIs() throws IOException {
        byte[] torn = Arrays.copyOf(Files.readAllBytes(file), 60);
        Files.write(file, torn);
        read().close();
        assertEquals(60, Files.size(file));
    }

    @Test
    void anotherJobIsRefusedWithTheFieldThatDiffers() throws IOException {
        refuses(Map.of("task", "contrastive"), "task: the job that began here had match, this one has contrastive");
        refuses(Map.of("task", "match", "top", "5"), "top: the job that began here had none, this one has 5");
        refuses(Map.of(), "task: the job that began here had match, this one has none");
    }

    private void refuses(Map<String, String> manifest, String problem) throws IOException {
        try (Journal journal = read()) {
            var refused = assertThrows(MalformedFileException.class, () -> journal.check(manifest));
            assertEquals(file + ": " + problem, refused.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "hello\n",
                "{\"task\":\"match\"}\n",
                "{\"format\":\"bridgetower-job-0\",\"task\":\"match\"}\n",
                "{\"format\":\"bridgetower-job-1\"}\n{\"rows\":\"many\"}\n",
                "{\"format\":\"bridgetower-job-1\"}\n{\"rows\":\"1\",\"failed\":\"2\",\"bytes\":\"9\"}\n",
                "{\"format\":\"bridgetower-job-1\"}\n{\"rows\":\"-1\",\"failed\":\"-2\",\"bytes\":\"9\"}\n",
                "{\"format\":\"bridgetower-job-1\"}\n{\"rows\":\"9\",\"failed\":\"0\",\"bytes\":\"9\"}\n"
                        + "{\"rows\":\"8\",\"failed\":\"0\",\"bytes\":\"9\"}\n"
            })
    void whatIsNoJournalIsRefusedAndStays(String content) throws IOException {
        Files.writeString(file, content);
        var refused = assertThrows(MalformedFileException.class, this::read);
        assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
        assertEquals(content, Files.readString(file));
    }

    @Test
    void anotherVersionIsNamed() throws IOException {
        Files.writeString(file, "{\"format\":\"bridgetower-job-0\"}\n");
        var refused = assertThrows(MalformedFileException.class, this::read);
        assertEquals(file + ": format: expected bridgetower-job-1, found bridgetower-job-0", refused.getMessage());
    }

    @Test
    void twoJobsCannotWriteTheSame() throws IOException {
        Path sameFile = directory.resolve(".").resolve("journal");
        try (Journal _ = read()) {
            var refused = assertThrows(FileSystemException.class, () -> Journal.open(sameFile));
            assertTrue(refused.getMessage().contains("another job is writing this output"), refused.getMessage());
        }
        read().close();
    }

    private Journal read() throws IOException {
        Journal journal = Journal.open(file);
        try {
            journal.read();
            return journal;
        } catch (IOException e) {
            journal.close();
            throw e;
        }
    }
}
