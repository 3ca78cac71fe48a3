package io.bridgetower.cli.model;

import io.bridgetower.cli.options.AnswerList;
import io.bridgetower.cli.options.ForceOption;
import io.bridgetower.cli.options.ModelDirectory;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.OutputDirectory;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Conversion;
import io.bridgetower.model.checkpoint.OriginalCheckpoint;
import io.bridgetower.model.config.TaskHead;
import io.bridgetower.processor.image.ImageProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower convert}. */
@Command(
        name = "convert",
        description = "Write a model again, with its weights in one safetensors file, in another type if asked; or a"
                + " checkpoint of the authors' code as a model.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower convert --model DIR --dtype bf16 --output DIR-bf16",
            "  bridgetower convert --from original --model last.ckpt --tokenizer DIR \\",
            "      --output MODEL"
        })
public final class ConvertCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ModelDirectory model;

    /** What a model may be converted from. */
    enum Form {
        /** A directory as Transformers saves it. */
        TRANSFORMERS,
        /** A file of the authors' code. */
        ORIGINAL
    }

    @Option(
            names = "--from",
            paramLabel = "FORM",
            description = "transformers, or original for a file of the authors' code, which names such as last.ckpt"
                    + " mean by themselves.")
    private Form form;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Side of the images that a model of the authors is to take, to which its position embeddings"
                    + " are resized; what it was trained with if not given.")
    private void setImageSize(int pixels) {
        if (pixels < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--image-size: expected 1 or more pixels, found " + pixels);
        }
        imageSize = pixels;
    }

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description =
                    "Directory with the files of the tokenizer of a model of the authors; that of the checkpoint if"
                            + " not given.")
    private Path tokenizer;

    @Mixin
    private AnswerList answers;

    private int imageSize;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description =
                    "Directory to write to, created if need be; with --force, files of other names that it holds stay.")
    private Path output;

    @Mixin
    private ForceOption force;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "bf16, f16 or f32; rounded to the nearest, ties to even. If not given, weights stay as they are.")
    private Conversion.Target dtype;

    public ConvertCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        force.checkDirectory(output);
        Path from = model.path(streams);
        OutputFile.checkIsNone(output, List.of(from));
        if (form == Form.ORIGINAL || form == null && OriginalCheckpoint.isNamed(from)) {
            if (model.variant() != null) throw misuse("--variant: a file of the authors' code has none");
            try (OutputDirectory directory = new OutputDirectory(output)) {
                new OriginalConversion(imageSize, tokenizer, answers, streams).run(from, directory.path(), dtype);
                directory.commit();
            }
            return null;
        }
        if (imageSize > 0) throw misuse("--image-size: expected --from original");
        if (tokenizer != null) throw misuse("--tokenizer: expected --from original");
        convert(from);
        return null;
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private void convert(Path from) throws IOException, Failure {
        ImageProcessor images = ImageProcessor.configFile(from).isPresent() ? ImageProcessor.load(from) : null;
        try (OutputDirectory directory = new OutputDirectory(output)) {
            Conversion.run(from, directory.path(), dtype, model.variant(), () -> {
                // What was copied may be in a form that not every version of Transformers reads.
                if (images != null) images.save(directory.path());
            });
            if (answers.isGiven()) nameAnswers(directory.path());
            directory.commit();
        }
    }

    /** Adds the names of the answers to a configuration that was written. */
    private void nameAnswers(Path directory) throws IOException, Failure {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            if (!BridgeTowerForQuestionAnswering.isIn(checkpoint)) {
                throw new Failure("--answers: the checkpoint has no head for questions, vqa_classifier");
            }
            List<String> labels = answers.read(BridgeTowerForQuestionAnswering.labelCount(checkpoint));
            checkpoint.config().toBuilder()
                    .architecture(TaskHead.QUESTION_ANSWERING.architecture())
                    .labels(labels)
                    .build()
                    .save(directory);
        }
    }
}
