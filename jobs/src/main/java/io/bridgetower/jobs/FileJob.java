package io.bridgetower.jobs;

import io.bridgetower.files.AtomicFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A job from a file of rows to a file of results, in JSON lines or comma-separated values by the names' ends.
 *
 * <p>Results are appended, in the order of the input, to {@code OUTPUT.part}, which gets the name of the output when all
 * are there. {@code OUTPUT.journal} says what is computed and how far it has come, and stays. A run that was killed at any
 * moment is continued by one with the same input, model and options: no result is lost and none is there twice.
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

    private final ScoringJob job;
    private final Path input;
    private final Path output;
    private final Path part;
    private final Path journal;
    private final Path imageRoot;
    private final Start start;

    /**
     * @param job stays the caller's to close
     * @param input rows: objects with id, image and text, or columns of these names
     * @param output results
     * @param imageRoot where the pictures' relative paths start
     */
    public FileJob(ScoringJob job, Path input, Path output, Path imageRoot, Start start) {
        this.job = job;
        this.input = input;
        this.output = output;
        this.part = sibling(output, ".part");
        this.journal = sibling(output, ".journal");
        this.imageRoot = imageRoot;
        this.start = start;
    }

    /**
     * Checks that there is an input, and whether what is there of the output allows to start, before anything that takes
     * time.
     *
     * @throws IOException if not
     * @throws IllegalArgumentException if a name ends in neither .jsonl nor .csv
     */
    public static void check(Path input, Path output, Start start) throws IOException {
        FileFormat.of(input);
        FileFormat.of(output);
        if (!Files.exists(input)) throw new NoSuchFileException(input.toString());
        Path directory = output.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(output.toString(), null, "there is no directory " + directory);
        }
        boolean known = start == Start.RESUME && Files.exists(sibling(output, ".journal"));
        if (start != Start.REPLACE && !known && Files.exists(output)) {
            throw new FileAlreadyExistsException(output.toString(), null, "exists already");
        }
        if (start != Start.NEW) return;
        Path part = sibling(output, ".part");
        if (Files.exists(part)) {
            throw new FileAlreadyExistsException(part.toString(), null, "exists already: a job that has not ended");
        }
    }

    /**
     * Runs the job to its end.
     *
     * @return all rows of the input and all failures, those of earlier runs included
     * @throws IOException if a file cannot be read or written, or belongs to another job; or as {@link #check}
     */
    public JobSummary run(JobProgress progress) throws IOException {
        check(input, output, start);
        // A journal without an output, or an output that is to be replaced, is of no use.
        if (start != Start.RESUME) {
            Files.deleteIfExists(journal);
            Files.deleteIfExists(part);
        }
        InputFile file = InputFile.read(input);
        try (Journal record = Journal.open(journal, manifest(file))) {
            boolean ended = record.last().rows() == file.rows() && !Files.exists(part) && Files.exists(output);
            if (ended) {
                progress.at(file.rows(), record.last().failed(), file.rows());
            } else {
                compute(record, file.rows(), progress);
            }
            return new JobSummary(record.last().rows(), record.last().failed());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void compute(Journal record, long total, JobProgress progress) throws IOException {
        try (PartFile results = new PartFile(
                        part,
                        record,
                        FileFormat.of(output).results(job.options().task()));
                InputStream in = new BufferedInputStream(Files.newInputStream(input));
                Rows rows = FileFormat.of(input).rows(input, in)) {
            for (long i = 0; i < record.last().rows(); i++) rows.next();
            progress.at(results.rows(), results.failed(), total);
            job.run(rows, ImageSource.below(imageRoot), result -> {
                results.append(result);
                progress.at(results.rows(), results.failed(), total);
            });
            results.checkpoint();
        }
        AtomicFile.replace(part, output);
    }

    private Map<String, String> manifest(InputFile file) {
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put("task", job.options().task().name().toLowerCase(Locale.ROOT));
        manifest.put("model", job.fingerprint());
        manifest.put("input", file.sha256());
        manifest.put("rows", Long.toString(file.rows()));
        manifest.put("image_root", imageRoot.toAbsolutePath().normalize().toString());
        manifest.put("truncate", Boolean.toString(job.options().truncate()));
        return manifest;
    }

    private static Path sibling(Path output, String ending) {
        return output.resolveSibling(output.getFileName() + ending);
    }

    /**
     * An input that has been read once.
     *
     * @param sha256 of its bytes
     * @param rows number of its rows
     */
    private record InputFile(String sha256, long rows) {
        static InputFile read(Path path) throws IOException {
            MessageDigest hash;
            try {
                hash = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every Java platform has SHA-256", e);
            }
            try (InputStream in = new BufferedInputStream(new DigestInputStream(Files.newInputStream(path), hash));
                    Rows rows = FileFormat.of(path).rows(path, in)) {
                long count = 0;
                for (; rows.hasNext(); rows.next()) count++;
                return new InputFile(HexFormat.of().formatHex(hash.digest()), count);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }
}
