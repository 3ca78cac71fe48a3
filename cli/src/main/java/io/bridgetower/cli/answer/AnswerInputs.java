package io.bridgetower.cli.answer;

import io.bridgetower.Choice;
import io.bridgetower.Head;
import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.cli.model.HeadNames;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.options.TruncationOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;

/** What the commands of this package have in common: a model, a text and images for it, and how they are read. */
final class AnswerInputs {
    @Mixin
    private ModelOrDemo model;

    @Mixin
    private final ImageArguments arguments = new ImageArguments();

    @Mixin
    private TruncationOptions truncation;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    /** Runs a head on a text and its images, one {@link ImageInputs} for each. */
    @FunctionalInterface
    interface Judge {
        List<Choice> judge(Checkpoint checkpoint, BridgeTowerModel trunk, TextInputs text, List<ImageInputs> images)
                throws IOException, Failure;
    }

    /**
     * Loads a model, which has to have a head, and runs it.
     *
     * @param count of the images that are expected
     */
    List<Choice> run(Head head, List<String> images, int count, String text, Streams streams, Judge judge)
            throws IOException, Failure {
        ModelOptions options = engine.modelOptions();
        try (var _ = arguments) {
            List<NamedImage> named = arguments.all(images, streams);
            if (named.size() != count) throw new Failure("--image: expected " + count + ", found " + named.size());
            List<Choice> choices = run(model.path(streams), options, head, named, text, streams, judge);
            if (model.isDemo()) streams.note(DemoModel.note("answered"));
            return choices;
        }
    }

    private List<Choice> run(
            Path directory,
            ModelOptions options,
            Head head,
            List<NamedImage> named,
            String text,
            Streams streams,
            Judge judge)
            throws IOException, Failure {
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            HeadNames.require(head, checkpoint);
            BridgeTowerProcessor processor = ModelProcessors.load(checkpoint);
            MissingImageProcessor.note(directory, streams);
            TextPreparation texts = TextPreparation.of(
                    processor.tokenizer(), checkpoint.config().textConfig());
            int[][] ids = truncation.ids(texts, List.of(text));
            PixelReader reader = pixels.reader(
                    processor.imageProcessor(), checkpoint.config().visionConfig());
            List<ImageInputs> inputs = new ArrayList<>();
            for (NamedImage image : named) {
                inputs.add(Pixels.inputs(reader.processAll(arena, List.of(image.read(reader.reading())))));
            }
            try (BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options)) {
                return judge.judge(checkpoint, trunk, TextInputs.of(ids), inputs);
            }
        }
    }
}
