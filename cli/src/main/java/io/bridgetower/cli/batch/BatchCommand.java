package io.bridgetower.cli.batch;

import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ForceOption;
import io.bridgetower.cli.options.ImageRootDirectory;
import io.bridgetower.cli.options.MemorySize;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.options.TableColumns;
import io.bridgetower.cli.options.TruncationOptions;
import io.bridgetower.cli.progress.BatchBar;
import io.bridgetower.cli.progress.InterruptNote;
import io.bridgetower.cli.terminal.Complaint;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.jobs.FileJob;
import io.bridgetower.jobs.JobOptions;
import io.bridgetower.jobs.ScoringJob;
import io.bridgetower.jobs.rows.JobSummary;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower batch}. */
@Command(
        name = "batch",
        description = "Score any number of pairs from a file, in order, in bounded memory. Rows are {\"id\": …,"
                + " \"image\": …, \"text\": …} in JSON lines, or columns of these or other usual names. Images are"
                + " paths, file URLs or data URIs. A row that cannot be computed gets an error, and the job goes on.",
        exitCodeList = "3:Done, but some rows have an error in place of a result.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower batch --input pairs.jsonl --output scores.jsonl",
            "  bridgetower batch --input pairs.csv --output scores.csv --resume"
        })
public final class BatchCommand implements Callable<Integer> {
    /** Exit code where all is done, but not every row could be. */
    private static final int SOME_ROWS_FAILED = 3;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            required = true,
            description =
                    "Rows: a file that ends in .jsonl, .csv or .tsv. Commas, semicolons or tabs separate columns.")
    private Path input;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            required = true,
            description =
                    "Results: a file that ends in .jsonl, .csv or .tsv. Beside it lies a .journal, and until all is"
                            + " done a .part.")
    private Path output;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            defaultValue = "match",
            description = "match: does the text describe the image? contrastive: how close are they? Fast and coarse."
                + " fill: which words belong in the gaps? embed_image, embed_text, embed_pair: unit vectors of either"
                + " or both. ${DEFAULT-VALUE} if not given.")
    private Task task;

    @Mixin
    private ModelOrDemo model;

    @Option(
            names = "--image-root",
            paramLabel = "DIR",
            defaultValue = "",
            description = "Where the images' paths start; the current directory if not given.")
    private Path imageRoot;

    @Option(names = "--resume", description = "Go on with a job that was interrupted, if there is one.")
    private boolean resume;

    @Mixin
    private ForceOption force;

    @Mixin
    private TableColumns table;

    @Mixin
    private TruncationOptions truncation;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            defaultValue = "1g",
            converter = MemorySize.Converter.class,
            description =
                    "For encodings and pixels, in addition to the model, such as 500m or 2g; ${DEFAULT-VALUE} if not"
                            + " given.")
    private MemorySize memory;

    public BatchCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, Failure {
        if (input.toString().equals("-")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--input: a job reads its rows twice, which standard input cannot be; name a file");
        }
        if (resume && force.isGiven())
            throw new ParameterException(spec.commandLine(), "--resume and --force exclude each other");
        ModelOptions modelOptions = engine.modelOptions().withVariant(model.variant());
        FileJob.Start start =
                resume ? FileJob.Start.RESUME : force.isGiven() ? FileJob.Start.REPLACE : FileJob.Start.NEW;
        try {
            FileJob.check(input, output, start);
        } catch (FileAlreadyExistsException | MalformedFileException e) {
            throw new Failure(Complaint.of(e) + advice(e, start), e);
        }
        if (imageRoot != null) ImageRootDirectory.real(imageRoot);
        JobOptions options = JobOptions.of(task)
                .withMaxBytes(memory.bytes())
                .withTruncation(truncation.truncation())
                .withImages(pixels.options());
        Path directory = model.path(streams);
        try (ScoringJob job = ScoringJob.load(directory, modelOptions, options)) {
            MissingImageProcessor.note(directory, streams);
            JobSummary summary = run(new FileJob(job, input, output, imageRoot, start, table.options()), start);
            streams.note(output + ": " + summary.rows() + " rows, " + summary.failed() + " failed");
            if (model.isDemo()) streams.note(DemoModel.note("scored"));
            return summary.failed() == 0 ? 0 : SOME_ROWS_FAILED;
        }
    }

    private JobSummary run(FileJob job, FileJob.Start start) throws IOException, Failure {
        BatchBar bar = BatchBar.of("pairs", streams.progress());
        try (InterruptNote _ = new InterruptNote(streams, bar, "the same command with " + resumption() + " goes on")) {
            return job.run(bar);
        } catch (Throwable e) {
            if (!bar.hasBegun()) throw new Failure(Complaint.of(e) + advice(e, start), e);
            bar.clear();
            // A file that has changed since the job began.
            if (e instanceof MalformedFileException) throw new Failure(Complaint.of(e) + "; --force starts anew", e);
            throw new Failure(Complaint.of(e) + "; the same command with " + resumption() + " goes on from here", e);
        }
    }

    /** What to do about files that do not allow the start that was asked for. */
    private String advice(Throwable e, FileJob.Start start) {
        boolean exists = e instanceof FileAlreadyExistsException;
        boolean belongsToAnother = e instanceof MalformedFileException malformed
                && !malformed.file().equals(input);
        if (!exists && !belongsToAnother || start == FileJob.Start.REPLACE) return "";
        if (exists && start == FileJob.Start.NEW) return "; --resume goes on, --force starts anew";
        return "; --force starts anew";
    }

    private String resumption() {
        return force.isGiven() ? "--resume in place of --force" : "--resume";
    }
}
