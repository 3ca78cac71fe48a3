package io.bridgetower.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.jobs.rows.JobSummary;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.jobs.table.TableOptions;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileJobTest {
    private static final JobProgress UNSEEN = (_, _, _) -> {};

    private static ScoringJob job;

    @TempDir
    private Path directory;

    @BeforeAll
    static void load() throws IOException {
        job = Demo.job(JobOptions.of(Task.MATCH));
    }

    @AfterAll
    static void close() {
        job.close();
    }

    @Test
    void jsonLinesBecomeJsonLinesInTheirOrder() throws IOException {
        Path input = Files.writeString(directory.resolve("in.jsonl"), """
            {"id": 1, "image": "01.png", "text": "a black square and a yellow cross"}
            {"id": "two", "image": "none.png", "text": "a star"}
            {"id": 3.0, "image": "02.png", "text": "a large blue square"}
            """);
        Path output = directory.resolve("out.jsonl");
        assertEquals(new JobSummary(3, 1), run(input, output, FileJob.Start.NEW));
        List<String> lines = Files.readAllLines(output);
        assertTrue(lines.get(0).matches("\\{\"id\":1,\"logits\":\\[.*],\"probability\":0\\.98.*}"), lines.get(0));
        assertEquals("{\"id\":\"two\",\"error\":\"" + Demo.EXAMPLES + "/none.png: no such file\"}", lines.get(1));
        assertTrue(lines.get(2).startsWith("{\"id\":3.0,\"logits\":["), lines.get(2));
        assertEquals(3, lines.size());
        assertFalse(Files.exists(directory.resolve("out.jsonl.part")));
    }

    @Test
    void csvBecomesCsv() throws IOException {
        Path input = Files.writeString(
                directory.resolve("in.csv"),
                "id,image,text\n\"a,1\",01.png,\"a black square and a yellow cross\"\nb,none.png,x\n");
        Path output = directory.resolve("out.csv");
        assertEquals(new JobSummary(2, 1), run(input, output, FileJob.Start.NEW));
        List<String> lines = Files.readAllLines(output);
        assertEquals("id,probability,no_match,match,error", lines.get(0));
        assertTrue(lines.get(1).matches("\"a,1\",0\\.98\\d*,-1\\.\\d*,2\\.\\d*,"), lines.get(1));
        assertTrue(lines.get(2).startsWith("b,,,,"), lines.get(2));
        assertEquals(3, lines.size());
    }

    /** As spreadsheets write them: semicolons, CRLF, another encoding, no ids. */
    @Test
    void tablesOfSpreadsheetsAreScored() throws IOException {
        Charset windows = Charset.forName("windows-1252");
        String table = "image_path;caption\r\n01.png;\"un carré noir\"\r\n02.png;two stars\r\n";
        Path input = Files.write(directory.resolve("in.csv"), table.getBytes(windows));
        Path output = directory.resolve("out.tsv");
        assertEquals(new JobSummary(2, 1), run(input, output, FileJob.Start.NEW));
        List<String> lines = Files.readAllLines(output);
        assertEquals("id\tprobability\tno_match\tmatch\terror", lines.get(0));
        assertEquals("1\t\t\t\tline 2: not valid UTF-8", lines.get(1));
        assertTrue(lines.get(2).matches("2\t\\d\\S+\t-?\\d\\S+\t-?\\d\\S+\t"), lines.get(2));
        TableOptions options = TableOptions.DEFAULT.withEncoding(windows);
        var refused =
                assertThrows(MalformedFileException.class, () -> run(input, options, output, FileJob.Start.RESUME));
        assertTrue(refused.getMessage().contains("journal: encoding: "), refused.getMessage());
        assertEquals(new JobSummary(2, 0), run(input, options, output, FileJob.Start.REPLACE));
    }

    @Test
    void aFileThatCannotBeReadToItsEndIsRefusedBeforeAnythingIsComputed() throws IOException {
        Path input = Files.writeString(directory.resolve("in.csv"), "image,text\n01.png,a\n02.png,\"b\n03.png,c\n");
        Path output = directory.resolve("out.csv");
        var refused = assertThrows(MalformedFileException.class, () -> run(input, output, FileJob.Start.NEW));
        assertTrue(refused.getMessage().contains("in.csv: line 3: "), refused.getMessage());
        assertFalse(Files.exists(part(output)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "csv"})
    void aRunThatIsContinuedGivesWhatAnUndisturbedOneGives(String ending) throws IOException {
        Path input = manyRows(200);
        Path whole = directory.resolve("whole." + ending), torn = directory.resolve("torn." + ending);
        JobSummary summary = run(input, whole, FileJob.Start.NEW);
        long before = 0;
        for (long stop : new long[] {1, 65, 66, 130, 199}) {
            List<Long> steps = new ArrayList<>();
            FileJob interrupted =
                    new FileJob(job, input, torn, Demo.EXAMPLES, FileJob.Start.RESUME, TableOptions.DEFAULT, 0);
            assertThrows(
                    StoppedException.class,
                    () -> interrupted.run((done, _, _) -> {
                        steps.add(done);
                        if (done == stop) throw new StoppedException();
                    }));
            // Checkpoints are between groups of at most 64 rows.
            assertTrue(steps.getFirst() >= before - 64 && steps.getFirst() < stop, steps + " after " + before);
            before = stop;
            // What a killed run may have written behind its last checkpoint.
            Files.writeString(part(torn), "{\"id\": 17, \"lo", StandardOpenOption.APPEND);
            assertFalse(Files.exists(torn));
        }
        assertEquals(summary, run(input, torn, FileJob.Start.RESUME));
        assertEquals(Files.readString(whole), Files.readString(torn));
    }

    @Test
    void aJobThatHasEndedIsNotComputedAgain() throws IOException {
        Path input = manyRows(70), output = directory.resolve("out.jsonl");
        JobSummary summary = run(input, output, FileJob.Start.NEW);
        long pairs = job.trunk().usage().pairs();
        assertEquals(summary, run(input, output, FileJob.Start.RESUME));
        assertEquals(pairs, job.trunk().usage().pairs());
        // Killed after the last checkpoint, before the renaming.
        Files.move(output, part(output));
        assertEquals(summary, run(input, output, FileJob.Start.RESUME));
        assertEquals(pairs, job.trunk().usage().pairs());
        assertTrue(Files.exists(output));
    }

    @Test
    void filesOfAnotherJobStayAsTheyAre() throws IOException {
        Path input = manyRows(10), output = directory.resolve("out.jsonl");
        run(input, output, FileJob.Start.NEW);
        String scores = Files.readString(output);
        assertThrows(FileAlreadyExistsException.class, () -> run(input, output, FileJob.Start.NEW));
        Path other = Files.writeString(directory.resolve("other.jsonl"), "{\"id\": 1}\n");
        var refused = assertThrows(MalformedFileException.class, () -> run(other, output, FileJob.Start.RESUME));
        assertTrue(refused.getMessage().contains("out.jsonl.journal: input: "), refused.getMessage());
        assertEquals(scores, Files.readString(output));
        Path strange = Files.writeString(directory.resolve("strange.jsonl"), "what is here\n");
        assertThrows(FileAlreadyExistsException.class, () -> run(input, strange, FileJob.Start.RESUME));
        assertEquals(new JobSummary(1, 1), run(other, output, FileJob.Start.REPLACE));
        assertEquals("{\"id\":1,\"error\":\"no image\"}\n", Files.readString(output));
    }

    @Test
    void anEmptyFileHasAnEmptyResult() throws IOException {
        Path input = Files.writeString(directory.resolve("in.jsonl"), ""), output = directory.resolve("out.jsonl");
        assertEquals(new JobSummary(0, 0), run(input, output, FileJob.Start.NEW));
        assertEquals("", Files.readString(output));
    }

    /** Whatever is in the journal decides over results, and nothing else. */
    @Test
    void aJobIsResumedOnlyAsItBegan() throws IOException {
        Path input = manyRows(3), output = directory.resolve("out.jsonl");
        run(input, output, FileJob.Start.NEW);
        String journal = Files.readString(directory.resolve("out.jsonl.journal"));
        assertTrue(journal.startsWith("{\"format\":\"bridgetower-job-1\",\"task\":\"match\","), journal);
        List<String> fields = List.of(
                "model",
                "weights",
                "precision",
                "tokenizer",
                "image_processor",
                "truncate",
                "encoding",
                "id_column",
                "image_column",
                "text_column",
                "image_root");
        for (String field : fields) {
            String other = journal.replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"another\"");
            Files.writeString(directory.resolve("out.jsonl.journal"), other);
            var refused = assertThrows(MalformedFileException.class, () -> run(input, output, FileJob.Start.RESUME));
            assertTrue(
                    refused.getMessage()
                            .contains(
                                    "out.jsonl.journal: " + field + ": the job that began here had another, this one"),
                    refused.getMessage());
        }
        Files.writeString(directory.resolve("out.jsonl.journal"), journal);
        assertEquals(new JobSummary(3, 0), run(input, output, FileJob.Start.RESUME));
    }

    @Test
    void gapsWithAnotherNumberOfWordsAreAnotherJob() throws IOException {
        Path input = Files.writeString(
                directory.resolve("in.jsonl"), "{\"id\": 1, \"image\": \"03.png\", \"text\": \"four <mask> stars\"}\n");
        Path output = directory.resolve("out.jsonl");
        try (ScoringJob five = Demo.job(JobOptions.of(Task.FILL));
                ScoringJob two = Demo.job(JobOptions.of(Task.FILL).withTop(2))) {
            new FileJob(five, input, output, Demo.EXAMPLES, FileJob.Start.NEW).run(UNSEEN);
            FileJob other = new FileJob(two, input, output, Demo.EXAMPLES, FileJob.Start.RESUME);
            var refused = assertThrows(MalformedFileException.class, () -> other.run(UNSEEN));
            assertTrue(
                    refused.getMessage().endsWith("top: the job that began here had 5, this one has 2"),
                    refused.getMessage());
        }
    }

    @Test
    void weightsOfAnotherPrecisionAreAnotherJob() throws IOException {
        Path input = manyRows(3), output = directory.resolve("out.jsonl");
        run(input, output, FileJob.Start.NEW);
        ModelOptions rounded = new ModelOptions(2, WeightPrecision.BF16);
        try (ScoringJob other = ScoringJob.load(Demo.MODEL, rounded, JobOptions.of(Task.MATCH))) {
            FileJob resumed = new FileJob(other, input, output, Demo.EXAMPLES, FileJob.Start.RESUME);
            assertThrows(MalformedFileException.class, () -> resumed.run(UNSEEN));
        }
    }

    @Test
    void filesOnWindowsBecomeTheSame() throws IOException {
        Path here = directory.resolve("out.jsonl");
        JobSummary summary = run(manyRows(30), here, FileJob.Start.NEW);
        try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
            directory = Files.createDirectory(windows.getPath("C:\\jobs"));
            Path there = directory.resolve("out.jsonl");
            assertEquals(summary, run(manyRows(30), there, FileJob.Start.NEW));
            assertEquals(Files.readString(here), Files.readString(there));
            assertFalse(Files.exists(part(there)));
        }
    }

    @Test
    void anInputThatChangesIsNotMixed() throws IOException {
        Path input = manyRows(200), output = directory.resolve("out.jsonl");
        FileJob changing = new FileJob(job, input, output, Demo.EXAMPLES, FileJob.Start.NEW);
        var refused = assertThrows(
                MalformedFileException.class,
                () -> changing.run((done, _, _) -> {
                    if (done == 1) append(input);
                }));
        assertEquals(input + ": has changed while the job was running", refused.getMessage());
        assertFalse(Files.exists(output));
    }

    private static void append(Path input) {
        try {
            Files.writeString(input, "{\"id\": 1}\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Path manyRows(int rows) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            if (i % 25 == 24) text.append("{oops\n");
            else
                text.append("{\"id\": %d, \"image\": \"%02d.png\", \"text\": \"%d stars\"}\n"
                        .formatted(i, 1 + i % 12, i % 7));
        }
        return Files.writeString(directory.resolve("in.jsonl"), text);
    }

    private static JobSummary run(Path input, Path output, FileJob.Start start) throws IOException {
        return run(input, TableOptions.DEFAULT, output, start);
    }

    private static JobSummary run(Path input, TableOptions table, Path output, FileJob.Start start) throws IOException {
        return new FileJob(job, input, output, Demo.EXAMPLES, start, table).run(UNSEEN);
    }

    private static Path part(Path output) {
        return output.resolveSibling(output.getFileName() + ".part");
    }
}
