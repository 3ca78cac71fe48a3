package io.bridgetower.cli.pair;

import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.options.TruncationOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower score}. */
@Command(
        name = "score",
        description = "Score how well each text describes each image, best first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower score --image cat.jpg --text \"a cat\" --text \"a dog\"",
            "  bridgetower score --image *.png --text \"a red circle\" --json",
            "  bridgetower score --model DIR --image a.jpg b.jpg --text \"two cats\""
        })
public final class ScoreCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ModelOrDemo model;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            arity = "1..*",
            required = true,
            converter = NotAnOption.class,
            description = "Images: " + ImageArguments.SEVERAL)
    private List<String> images;

    @Mixin
    private final ImageArguments arguments = new ImageArguments();

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            arity = "1..*",
            required = true,
            converter = NotAnOption.class,
            description = "Texts to try.")
    private List<String> texts;

    @Mixin
    private TruncationOptions truncation;

    @Option(
            names = "--json",
            description = "Print JSON in the order given, image by image: [{\"image\": …, \"text\": …, \"logits\":"
                    + " [no match, match], \"probability\": …}, …].")
    private boolean json;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    public ScoreCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        ModelOptions options = engine.modelOptions();
        List<Score> scores;
        try (var _ = arguments) {
            List<NamedImage> named = arguments.all(images, streams);
            scores = score(model.path(streams), options, named);
        }
        if (json) ScoreJson.write(scores, streams.out());
        else ScoreTable.write(scores, streams.writer());
        if (model.isDemo() && !json) streams.note(DemoModel.note("scored"));
        return null;
    }

    private List<Score> score(Path directory, ModelOptions options, List<NamedImage> named)
            throws IOException, Failure {
        try (Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            BridgeTowerProcessor processor = ModelProcessors.load(checkpoint);
            MissingImageProcessor.note(directory, streams);
            int[][] ids = truncation.ids(
                    TextPreparation.of(
                            processor.tokenizer(), checkpoint.config().textConfig()),
                    texts);
            PixelReader reader = pixels.reader(
                    processor.imageProcessor(), checkpoint.config().visionConfig());
            try (BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
                    var retrieval = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
                return new Scorer(retrieval, reader).score(named, texts, ids);
            }
        }
    }
}
