package io.bridgetower.cli.pair;

import io.bridgetower.cli.options.CommonOptions;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.options.TruncationOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerModel;
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
        customSynopsis = {
            "bridgetower score --image FILE... --text TEXT...",
            "                         [--model MODEL] [--truncate | --max-length N] [--json]",
            "                         [--exif apply|ignore] [--image-size N]",
            "                         [--interpolate-pos-encoding] [--threads N]",
            "                         [--weights f32|bf16]"
        },
        description = "Score how well each text describes each image, best first.",
        sortOptions = false,
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
            converter = NotAnOption.AsPath.class,
            description = "Images: " + ImageArguments.FORMATS + ".")
    private List<Path> images;

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

    @Mixin
    private CommonOptions common;

    public ScoreCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        ImageArguments.check(images);
        List<Score> scores = score(model.path());
        if (json) ScoreJson.write(scores, streams.out());
        else ScoreTable.write(scores, streams.writer());
        if (model.isDemo() && !json) streams.complain(DemoModel.note("scored"));
        return null;
    }

    private List<Score> score(Path directory) throws IOException, Failure {
        try (Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            BridgeTowerProcessor processor = BridgeTowerProcessor.load(directory);
            MissingImageProcessor.note(directory, streams);
            int[][] ids = truncation.ids(
                    TextPreparation.of(
                            processor.tokenizer(), checkpoint.config().textConfig()),
                    texts);
            PixelReader reader = pixels.reader(
                    processor.imageProcessor(), checkpoint.config().visionConfig());
            try (BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, engine.modelOptions());
                    var retrieval = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
                return new Scorer(retrieval, reader).score(images, texts, ids);
            }
        }
    }
}
