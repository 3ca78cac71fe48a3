package io.bridgetower.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.jobs.rows.JobSummary;
import io.bridgetower.jobs.rows.Task;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a job finds where its output is to be. Whatever is refused leaves every file as it was. */
class ResumeTest {
    private static ScoringJob job;

    @TempDir
    private Path directory;

    private Path input;
    private Path output;
    private Path part;
    private Path journal;

    @BeforeAll
    static void load() throws IOException {
        job = Demo.job(JobOptions.of(Task.MATCH));
    }

    @AfterAll
    static void close() {
        job.close();
    }

    /** A job that has ended; its journal ends with two checkpoints. */
    @BeforeEach
    void run() throws IOException {
        input = Files.writeString(directory.resolve("in.jsonl"), "{\"id\": 1}\n{\"id\": 2}\n{\"id\": 3}\n");
        output = directory.resolve("out.jsonl");
        part = directory.resolve("out.jsonl.part");
        journal = directory.resolve("out.jsonl.journal");
        run(FileJob.Start.NEW);
    }

    @Test
    void aPartWithoutAJournalIsNotCutOff() throws IOException {
        Files.move(output, part);
        Files.delete(journal);
        refuses(FileAlreadyExistsException.class, FileJob.Start.RESUME, "out.jsonl.part: ", "out.jsonl.journal");
        Files.createFile(journal);
        refuses(FileAlreadyExistsException.class, FileJob.Start.RESUME, "out.jsonl.part: ", "out.jsonl.journal");
        Files.writeString(journal, "{\"format\":\"bridgetow");
        refuses(FileAlreadyExistsException.class, FileJob.Start.RESUME, "out.jsonl.part: ", "out.jsonl.journal");
        refuses(FileAlreadyExistsException.class, FileJob.Start.NEW, "out.jsonl.part: ");
    }

    @Test
    void aJournalWithoutItsPartIsNotResumed() throws IOException {
        Files.delete(output);
        refuses(MalformedFileException.class, FileJob.Start.RESUME, "out.jsonl.journal: ", "3 rows", "out.jsonl.part");
    }

    @Test
    void aPartThatIsTooShortIsNotResumed() throws IOException {
        byte[] whole = Files.readAllBytes(output);
        Files.delete(output);
        Files.write(part, Arrays.copyOf(whole, whole.length - 1));
        refuses(
                MalformedFileException.class,
                FileJob.Start.RESUME,
                "out.jsonl.part: has " + (whole.length - 1) + " bytes, expected at least the " + whole.length,
                "out.jsonl.journal");
    }

    @Test
    void anOutputThatIsNotOfTheJournalIsNotTakenForTheResult() throws IOException {
        Files.writeString(output, "another\n");
        refuses(MalformedFileException.class, FileJob.Start.RESUME, "out.jsonl: has 8 bytes", "out.jsonl.journal");
    }

    @Test
    void aJournalOfAnotherVersionIsNotResumed() throws IOException {
        Files.move(output, part);
        Files.writeString(journal, Files.readString(journal).replace("bridgetower-job-1", "bridgetower-job-9"));
        refuses(MalformedFileException.class, FileJob.Start.RESUME, "out.jsonl.journal: format: ", "bridgetower-job-9");
        refuses(MalformedFileException.class, FileJob.Start.NEW, "out.jsonl.journal: format: ", "bridgetower-job-9");
    }

    @Test
    void aJournalThatSpeaksOfMoreRowsThanThereAreIsNotResumed() throws IOException {
        Files.writeString(journal, Files.readString(journal) + "{\"rows\":\"4\",\"failed\":\"3\",\"bytes\":\"400\"}\n");
        refuses(MalformedFileException.class, FileJob.Start.RESUME, "out.jsonl.journal: rows: expected at most 3");
    }

    /** A run that was killed before its first checkpoint, or while it wrote one. */
    @Test
    void aTornJournalGoesOnFromItsLastWholeLine() throws IOException {
        String results = Files.readString(output), lines = Files.readString(journal);
        Files.move(output, part);
        Files.writeString(journal, lines.substring(0, lines.length() - 3));
        assertEquals(new JobSummary(3, 3), run(FileJob.Start.RESUME));
        assertEquals(results, Files.readString(output));
        assertEquals(lines, Files.readString(journal));
        Files.writeString(journal, "{\"format\"");
        Files.delete(output);
        assertEquals(new JobSummary(3, 3), run(FileJob.Start.RESUME));
        assertEquals(results, Files.readString(output));
    }

    @Test
    void replacingNeedsNoneOfTheseFilesToBeWhole() throws IOException {
        String results = Files.readString(output);
        Files.writeString(output, "old\n");
        Files.writeString(part, "something");
        Files.writeString(journal, "no journal\n");
        assertEquals(new JobSummary(3, 3), run(FileJob.Start.REPLACE));
        assertEquals(results, Files.readString(output));
        assertFalse(Files.exists(part));
        assertEquals(new JobSummary(3, 3), run(FileJob.Start.RESUME));
    }

    @ParameterizedTest
    @EnumSource(FileJob.Start.class)
    void theInputIsNeverWrittenOver(FileJob.Start start) throws IOException {
        for (Path same : new Path[] {output, part, journal}) {
            for (boolean hard : new boolean[] {true, false}) {
                Files.deleteIfExists(same);
                if (hard) Files.createLink(same, input);
                else Files.createSymbolicLink(same, input);
                refuses(FileSystemException.class, start, same.getFileName() + ": is the same file as the input");
            }
            Files.delete(same);
        }
        input = directory.resolve(".").resolve("out.jsonl");
        Files.writeString(output, "{\"id\": 1}\n");
        refuses(FileSystemException.class, start, "out.jsonl: is the same file as the input");
    }

    @ParameterizedTest
    @EnumSource(FileJob.Start.class)
    void whatIsNoRegularFileIsNeitherReadNorReplaced(FileJob.Start start) throws IOException {
        for (Path taken : new Path[] {output, part, journal}) {
            Files.deleteIfExists(taken);
            Files.createDirectory(taken);
            refuses(FileSystemException.class, start, taken.getFileName() + ": exists and is not a regular file");
            Files.delete(taken);
        }
        input = Files.createDirectory(directory.resolve("directory.jsonl"));
        refuses(FileSystemException.class, start, "directory.jsonl: expected a regular file");
    }

    @Test
    void aLinkToAnOutputStaysALink() throws IOException {
        Path there = Files.createDirectory(directory.resolve("there")).resolve("real.jsonl");
        Files.move(output, there);
        Files.createSymbolicLink(output, there);
        Files.delete(journal);
        assertEquals(new JobSummary(3, 3), run(FileJob.Start.REPLACE));
        assertTrue(Files.isSymbolicLink(output));
        assertEquals(3, Files.readAllLines(there).size());
        assertTrue(Files.exists(directory.resolve("there/real.jsonl.journal")));
    }

    private JobSummary run(FileJob.Start start) throws IOException {
        return new FileJob(job, input, output, directory, start).run((_, _, _) -> {});
    }

    private <E extends IOException> void refuses(Class<E> type, FileJob.Start start, String... parts)
            throws IOException {
        Map<Path, String> before = contents();
        E refused = assertThrows(type, () -> run(start));
        for (String part : parts) assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertEquals(before, contents());
    }

    private Map<Path, String> contents() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(file, Files.isRegularFile(file) ? Files.readString(file) : "");
            }
        }
        return contents;
    }
}
