package io.bridgetower.jobs;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.jobs.journal.JobFiles;
import io.bridgetower.jobs.journal.Journal;
import io.bridgetower.jobs.journal.PartFile;
import io.bridgetower.jobs.rows.ImageSource;
import io.bridgetower.jobs.rows.JobSummary;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.jobs.table.FileFormat;
import io.bridgetower.jobs.table.InputFile;
import io.bridgetower.jobs.table.ResultText;
import io.bridgetower.jobs.table.TableOptions;
import io.bridgetower.processor.text.Truncation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A job from a file of rows to a file of results, in JSON lines, comma-separated or tab-separated values by the
 * names' ends.
 *
 * <p>Results are appended, in the order of the input, to {@code OUTPUT.part}, which gets the name of the output when all
 * are there. {@code OUTPUT.journal} says what is computed and how far it has come, and stays. A run that was killed at any
 * moment is continued by one with the same input, model and options: no result is lost and none is there twice. An output
 * has one job at a time, among all processes.
 */
public final class FileJob {
    /** What to do about files that an earlier run has left. */
    public enum Start {
        /** Refuse to run if there are any. */
        NEW,
        /** Go on where it was; if there are none, start. */
        RESUME,
        /** Remove them and start. The old output stays until the new one is whole. */
        REPLACE
    }

    /** From one checkpoint to the next, at the least: what a killed run has to compute again. */
    private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ScoringJob job;
    private final Path input;
    private final Path output;
    private final Path imageRoot;
    private final Start start;
    private final TableOptions table;
    private final long checkpointNanos;

    /** A job whose input is read with {@link TableOptions#DEFAULT}. */
    public FileJob(ScoringJob job, Path input, Path output, Path imageRoot, Start start) {
        this(job, input, output, imageRoot, start, TableOptions.DEFAULT);
    }

    /**
     * @param job stays the caller's to close
     * @param input rows: objects with id, image and text, or columns of these names; a regular file, which is read twice
     * @param output results
     * @param imageRoot where the images' relative paths start
     * @param table how the input is read
     */
    public FileJob(ScoringJob job, Path input, Path output, Path imageRoot, Start start, TableOptions table) {
        this(job, input, output, imageRoot, start, table, CHECKPOINT_NANOS);
    }

    FileJob(
            ScoringJob job,
            Path input,
            Path output,
            Path imageRoot,
            Start start,
            TableOptions table,
            long checkpointNanos) {
        this.job = job;
        this.input = input;
        this.output = output;
        this.imageRoot = imageRoot;
        this.start = start;
        this.table = table;
        this.checkpointNanos = checkpointNanos;
    }

    /**
     * Checks that there is an input, and whether what is there of the output allows to start, before anything that takes
     * time.
     *
     * @throws java.nio.file.FileAlreadyExistsException if an earlier run has left files that must not be replaced
     * @throws FileSystemException if the input is not a regular file, or is the output; if another job is writing the
     *     output
     * @throws IOException if a file cannot be looked at
     * @throws IllegalArgumentException if a name does not end in .jsonl, .csv or .tsv
     */
    public static void check(Path input, Path output, Start start) throws IOException {
        if (!Files.exists(input)) throw new NoSuchFileException(input.toString());
        if (!Files.isRegularFile(input)) {
            throw new FileSystemException(input.toString(), null, "expected a regular file, which can be read twice");
        }
        FileFormat.of(input);
        FileFormat.of(output);
        JobFiles files = JobFiles.of(output);
        files.checkInput(input, output);
        if (Files.exists(files.journal())) {
            try (Journal journal = Journal.open(files.journal())) {
                check(journal, files, start);
            }
        } else if (start == Start.RESUME) {
            files.checkNothingToResume();
        } else if (start == Start.NEW) {
            files.checkVacant();
        }
    }

    /**
     * Runs the job to its end.
     *
     * @return all rows of the input and all failures, those of earlier runs included
     * @throws io.bridgetower.files.MalformedFileException if a file is not what it should be, or belongs to another job;
     *     with the field of the journal in which the jobs differ
     * @throws IOException if a file cannot be read or written; or as {@link #check}
     */
    public JobSummary run(JobProgress progress) throws IOException {
        check(input, output, start);
        InputFile.Content content = InputFile.read(input, table);
        JobFiles files = JobFiles.of(output);
        try (Journal journal = Journal.open(files.journal())) {
            check(journal, files, start);
            boolean begins = start != Start.RESUME || journal.isEmpty();
            if (!begins) {
                journal.check(manifest(content));
                if (files.hasEnded(journal.last(), content.rows())) {
                    progress.at(content.rows(), journal.last().failed(), content.rows());
                    return new JobSummary(content.rows(), journal.last().failed());
                }
            }
            ResultText text = FileFormat.of(output).results(job.options().task());
            try (PartFile part = PartFile.open(files.part(), journal, text, checkpointNanos)) {
                if (begins) journal.begin(manifest(content));
                part.begin();
                compute(part, content, progress);
            }
            AtomicFile.replace(files.part(), files.output());
            return new JobSummary(journal.last().rows(), journal.last().failed());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Reads an open journal as far as it matters for a start, and checks that the files allow it. */
    private static void check(Journal journal, JobFiles files, Start start) throws IOException {
        if (start == Start.REPLACE) return;
        journal.read();
        if (start == Start.NEW) files.checkVacant();
        else if (journal.isEmpty()) files.checkNothingToResume();
    }

    private void compute(PartFile part, InputFile.Content content, JobProgress progress) throws IOException {
        try (InputFile file = InputFile.open(input, table)) {
            file.skip(part.rows());
            progress.at(part.rows(), part.failed(), content.rows());
            job.run(
                    file.rows(),
                    ImageSource.below(imageRoot, job.options().images().reading()),
                    result -> {
                        part.append(result);
                        progress.at(part.rows(), part.failed(), content.rows());
                    },
                    part::checkpointIfDue);
            file.check(content);
            part.checkpoint();
        }
    }

    /** All that the results depend on, with the names and values by which a journal knows them. */
    private Map<String, String> manifest(InputFile.Content content) {
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put("task", job.options().task().name().toLowerCase(Locale.ROOT));
        if (job.options().task() == Task.FILL)
            manifest.put("top", Integer.toString(job.options().top()));
        manifest.put("model", job.fingerprint());
        manifest.put("weights", job.trunk().weightPrecision().name().toLowerCase(Locale.ROOT));
        manifest.put("precision", job.trunk().productPrecision().name().toLowerCase(Locale.ROOT));
        manifest.put("tokenizer", job.tokenizer().identity());
        manifest.put("image_processor", job.images().identity());
        manifest.put("truncate", truncate(job.options().truncation()));
        manifest.put("input", content.sha256());
        manifest.put("encoding", given(table.encoding()));
        manifest.put("id_column", given(table.idColumn()));
        manifest.put("image_column", given(table.imageColumn()));
        manifest.put("text_column", given(table.textColumn()));
        manifest.put("rows", Long.toString(content.rows()));
        manifest.put("image_root", imageRoot.toAbsolutePath().normalize().toString());
        return manifest;
    }

    /** Whether texts are cut off: false, true, or the number of tokens that are left. */
    private static String truncate(Truncation truncation) {
        if (truncation.strategy() == Truncation.Strategy.NONE) return "false";
        return truncation.maxLength() == Integer.MAX_VALUE ? "true" : Integer.toString(truncation.maxLength());
    }

    private static String given(Object option) {
        return option == null ? "" : option.toString();
    }
}
