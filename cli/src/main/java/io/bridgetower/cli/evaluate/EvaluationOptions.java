package io.bridgetower.cli.evaluate;

import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ForceOption;
import io.bridgetower.cli.options.ImageRootDirectory;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.options.TruncationOptions;
import io.bridgetower.cli.progress.BatchBar;
import io.bridgetower.cli.progress.InterruptNote;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.RegularFile;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.files.Sha256;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.text.Tokenizer;
import io.bridgetower.processor.text.Truncation;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the evaluations have in common: a model, images, and where the result goes. */
final class EvaluationOptions {
    /** Tokens to which the authors truncate texts, where a model does not say so. */
    private static final int USUAL_TOKENS = 50;

    /** A token of the text between those that frame it. */
    private static final int SHORTEST = 3;

    private static final int BUFFER_BYTES = 1 << 16;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            required = true,
            description = "Directory of the images, under the names that the data set gives them.")
    private Path images;

    @Mixin
    private ModelOrDemo model;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write the result to a file too, as JSON. Until all is done, what has been computed lies in"
                    + " FILE.part.")
    private Path output;

    @Option(names = "--resume", description = "Go on with an evaluation that was interrupted, from FILE.part.")
    private boolean resume;

    @Mixin
    private ForceOption force;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Mixin
    private TruncationOptions truncation;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    /**
     * A model that is loaded, and how it reads texts and images.
     *
     * @param log of what has been computed
     */
    record Setting(
            Checkpoint checkpoint,
            BridgeTowerModel trunk,
            TextPreparation texts,
            PixelReader images,
            EvaluationLog log,
            BatchBar bar) {}

    /** Computes the measures of a model. */
    @FunctionalInterface
    interface Evaluation {
        EvaluationResult run(Setting setting) throws IOException, Failure;
    }

    /** Demands the heads that an evaluation needs. */
    @FunctionalInterface
    interface Heads {
        void require(Checkpoint checkpoint) throws Failure;
    }

    /** The directory of the images. */
    ImageFolder images() throws IOException {
        ImageRootDirectory.real(images);
        return new ImageFolder(images);
    }

    /** Checks what can be checked before the data set is read. */
    void check(List<Path> inputs) throws IOException, Failure {
        for (Path input : inputs) RegularFile.check(input);
        if (resume && force.isGiven()) {
            throw new ParameterException(spec.commandLine(), "--resume and --force exclude each other");
        }
        if (output == null) {
            if (resume) throw new ParameterException(spec.commandLine(), "--resume: expected --output");
            return;
        }
        OutputFile.check(output, inputs, force);
        Path part = part();
        if (!resume && !force.isGiven() && Files.exists(part)) {
            throw new Failure(part + ": exists already; --resume goes on, --force starts anew");
        }
        if (resume && !Files.exists(part)) throw new Failure(part + ": there is nothing to resume");
    }

    /**
     * Evaluates a model.
     *
     * @param task its name
     * @param unit what is counted while it runs
     * @param inputs the files of the data set
     * @param settings what else decides the result, by the names of options
     */
    void run(
            String task,
            String unit,
            List<Path> inputs,
            Map<String, String> settings,
            Heads heads,
            Streams streams,
            Evaluation evaluation)
            throws IOException, Failure {
        ModelOptions options = engine.modelOptions();
        Path directory = model.path(streams);
        try (Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            heads.require(checkpoint);
            BridgeTowerProcessor processor = ModelProcessors.load(checkpoint);
            MissingImageProcessor.note(directory, streams);
            TextPreparation texts = TextPreparation.of(
                            processor.tokenizer(), checkpoint.config().textConfig())
                    .truncating(truncation(checkpoint, processor.tokenizer()));
            PixelReader reader = pixels.reader(
                    processor.imageProcessor(), checkpoint.config().visionConfig());
            BatchBar bar = BatchBar.of(unit, streams.progress());
            try (BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
                    EvaluationLog log = log(task, inputs, settings, checkpoint, trunk, reader, texts);
                    InterruptNote _ = new InterruptNote(streams, bar, goesOn())) {
                EvaluationResult result = evaluation.run(new Setting(checkpoint, trunk, texts, reader, log, bar));
                write(task, directory, inputs, result, streams);
                log.discard();
            }
        }
        if (model.isDemo() && !json) streams.note(DemoModel.note("evaluated"));
    }

    private String goesOn() {
        return output == null ? "without --output, nothing is kept" : "the same command with --resume goes on";
    }

    private Path part() {
        return output.resolveSibling(output.getFileName() + ".part");
    }

    /** How texts are cut off: as asked for, or else as in training. */
    private Truncation truncation(Checkpoint checkpoint, Tokenizer tokenizer) throws IOException {
        Truncation wanted = truncation.truncation();
        if (wanted != Truncation.NONE) return wanted;
        int tokens = checkpoint.config().otherFields().get("max_text_len") instanceof Long length
                        && length >= SHORTEST
                        && length <= Integer.MAX_VALUE
                ? length.intValue()
                : USUAL_TOKENS;
        int most = Math.min(checkpoint.config().textConfig().maxTokens(), tokenizer.modelMaxLength());
        return Truncation.longestFirst(Math.min(tokens, most));
    }

    private EvaluationLog log(
            String task,
            List<Path> inputs,
            Map<String, String> settings,
            Checkpoint checkpoint,
            BridgeTowerModel trunk,
            PixelReader reader,
            TextPreparation texts)
            throws IOException {
        if (output == null) return EvaluationLog.NONE;
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("evaluation", task);
        for (int i = 0; i < inputs.size(); i++) manifest.put("dataset." + i, sha256(inputs.get(i)));
        manifest.put("model", trunk.fingerprint());
        manifest.put("weights", checkpoint.weights().identity().sha256());
        manifest.put("images", reader.identity());
        manifest.put("tokenizer", texts.tokenizer().identity());
        manifest.put("tokens", truncation(checkpoint, texts.tokenizer()).toString());
        manifest.putAll(settings);
        return EvaluationLog.open(part(), JsonWriter.compact(manifest), resume);
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            while (in.read(buffer) >= 0) continue;
        }
        return Sha256.hex(digest);
    }

    private void write(String task, Path directory, List<Path> inputs, EvaluationResult result, Streams streams)
            throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("task", task);
        fields.put("model", directory.toString());
        fields.put("dataset", inputs.getFirst().toString());
        fields.putAll(result.json());
        if (output != null) AtomicFile.write(output, JsonWriter.indented(fields));
        if (json) {
            streams.out().write((JsonWriter.compact(fields) + "\n").getBytes(StandardCharsets.UTF_8));
            streams.out().flush();
        } else {
            Writer out = streams.writer();
            result.table().write(out);
            out.flush();
        }
    }
}
