package io.bridgetower.cli.pair;

import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ForceOption;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.options.TruncationOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.processor.image.PixelReader;
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

/** {@code bridgetower embed}. */
@Command(
        name = "embed",
        description = "Turn images and texts into unit vectors, whose dot products say how well they go together.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower embed --image *.jpg --output images.safetensors",
            "  bridgetower embed --text \"a black square\" \"two stars\" --json",
            "  bridgetower embed --joint --image cat.jpg --text \"a cat\" \"a dog\""
        })
public final class EmbedCommand implements Callable<Void> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOrDemo model;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            arity = "1..*",
            converter = NotAnOption.class,
            description = "Images: " + ImageArguments.SEVERAL)
    private List<String> images = List.of();

    @Mixin
    private final ImageArguments arguments = new ImageArguments();

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            arity = "1..*",
            converter = NotAnOption.class,
            description = "Texts.")
    private List<String> texts = List.of();

    @Option(
            names = "--joint",
            description = "A vector of each image with each text, as the cross-modal layers see both together, in place"
                    + " of vectors of images and of texts.")
    private boolean joint;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description =
                    "Safetensors file to write: image_embeds [images, size] and text_embeds [texts, size], or with"
                            + " --joint cross_embeds [images, texts, size].")
    private Path output;

    @Mixin
    private ForceOption force;

    @Mixin
    private TruncationOptions truncation;

    @Option(
            names = "--json",
            description = "Print JSON, also with --output: [{\"image\": …, \"embedding\": […]}, …, {\"text\": …,"
                + " \"embedding\": […]}, …], each vector when it is computed; with --joint, \"image\" and \"text\" of"
                + " each. Printed anyway if no file is written.")
    private boolean json;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    public EmbedCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        if (images.isEmpty() && texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "expected --image or --text");
        }
        if (joint && (images.isEmpty() || texts.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "--joint: expected --image and --text");
        }
        ModelOptions options = engine.modelOptions().withVariant(model.variant());
        try (var _ = arguments) {
            embed(arguments.all(images, streams), options);
        }
        if (model.isDemo() && !json) streams.note(DemoModel.note("embedded"));
        return null;
    }

    private void embed(List<NamedImage> named, ModelOptions options) throws IOException, Failure {
        if (output != null) OutputFile.check(output, ImageArguments.files(named), force);
        Path directory = model.path(streams);
        if (output != null) OutputFile.checkIsNotOf(directory, output);
        try (Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            BridgeTowerConfig config = checkpoint.config();
            if (!named.isEmpty()) MissingImageProcessor.note(directory, streams);
            int[][] ids = texts.isEmpty()
                    ? new int[0][]
                    : truncation.ids(
                            TextPreparation.of(ModelProcessors.tokenizer(checkpoint), config.textConfig()), texts);
            PixelReader reader = named.isEmpty()
                    ? null
                    : pixels.reader(ModelProcessors.imageProcessor(checkpoint), config.visionConfig());
            try (var embedding = BridgeTowerForContrastiveLearning.load(directory, options)) {
                write(new Embedder(embedding, reader, named, texts, ids), config.contrastiveHiddenSize());
            }
        }
    }

    private void write(Embedder embedder, int size) throws IOException {
        if (output != null && !json) {
            file(embedder, size, (_, _, _) -> {}).write(output);
            return;
        }
        try (EmbeddingJson printed = new EmbeddingJson(streams.out())) {
            if (output != null) {
                file(embedder, size, printed).write(output);
            } else if (joint) {
                embedder.pairs(printed);
            } else {
                if (!images.isEmpty()) embedder.images(printed);
                embedder.texts(printed);
            }
            printed.finish();
        }
    }

    /** A file whose vectors are computed when it is written, in the order of their names, and also printed. */
    private SafetensorsWriter file(Embedder embedder, int size, Embedder.Sink printed) {
        SafetensorsWriter writer = new SafetensorsWriter();
        int imageCount = embedder.imageCount();
        if (joint) {
            return writer.add(
                    "cross_embeds", sink -> embedder.pairs(both(sink, printed)), imageCount, texts.size(), size);
        }
        if (imageCount > 0) {
            writer.add("image_embeds", sink -> embedder.images(both(sink, printed)), imageCount, size);
        }
        if (!texts.isEmpty()) {
            writer.add("text_embeds", sink -> embedder.texts(both(sink, printed)), texts.size(), size);
        }
        return writer;
    }

    private static Embedder.Sink both(SafetensorsWriter.FloatSink file, Embedder.Sink printed) {
        return (image, text, vector) -> {
            file.write(vector);
            printed.write(image, text, vector);
        };
    }
}
