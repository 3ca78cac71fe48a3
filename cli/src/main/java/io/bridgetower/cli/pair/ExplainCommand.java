package io.bridgetower.cli.pair;

import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ForceOption;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.RegularFile;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.files.AtomicFile;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower explain}. */
@Command(
        name = "explain",
        description =
                "Show where in an image each word of a text looks: a web page with the cross-attention of every layer"
                        + " and head as heat maps.",
        footerHeading = "%nExamples:%n",
        footer = {"  bridgetower explain --image cat.jpg --text \"a cat on a mat\" --output cat.html"})
public final class ExplainCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ModelOrDemo model;

    @Option(names = "--image", paramLabel = "FILE", required = true, description = "Image: " + ImageArguments.ONE)
    private String image;

    @Mixin
    private final ImageArguments arguments = new ImageArguments();

    @Option(names = "--text", paramLabel = "TEXT", required = true, description = "Text whose words to explain.")
    private String text;

    @Option(
            names = "--output",
            paramLabel = "PAGE",
            required = true,
            description = "HTML file to write; it needs nothing else to be looked at.")
    private Path output;

    @Mixin
    private ForceOption force;

    @Option(
            names = "--layer",
            paramLabel = "L",
            description = "Cross-modal layer that the page shows first, from 0; the last if not given.")
    private Integer layer;

    @Option(
            names = "--head",
            paramLabel = "H",
            description = "Attention head that the page shows first, from 0; the average of all if not given.")
    private Integer head;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    public ExplainCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        ModelOptions options = engine.modelOptions();
        try (var _ = arguments) {
            explain(arguments.one(image, streams), options);
        }
        if (model.isDemo()) streams.note(DemoModel.note("explained"));
        return null;
    }

    private void explain(NamedImage named, ModelOptions options) throws IOException, Failure {
        List<Path> files = ImageArguments.files(List.of(named));
        for (Path file : files) RegularFile.check(file);
        OutputFile.check(output, files, force);
        Path directory = model.path(streams);
        OutputFile.checkIsNotOf(directory, output);
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            check("--layer", layer, checkpoint.config().numHiddenLayers());
            check("--head", head, checkpoint.config().textConfig().numAttentionHeads());
            BridgeTowerProcessor processor = BridgeTowerProcessor.load(directory);
            MissingImageProcessor.note(directory, streams);
            int[] ids = TextPreparation.of(
                            processor.tokenizer(), checkpoint.config().textConfig())
                    .ids(text);
            List<CaptionWord> words = CaptionWord.of(processor.tokenizer().encode(text), text);
            if (words.isEmpty()) throw new Failure("the text has no words to explain");
            try (BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options)) {
                PixelReader reader = reader(processor.imageProcessor(), trunk);
                List<RgbImage> images = List.of(named.read(reader.reading()));
                ImageInputs inputs = Pixels.inputs(reader.processAll(arena, images));
                TextInputs tokens = TextInputs.of(new int[][] {ids});
                BridgeTowerModelOutput features = trunk.forward(arena, tokens, inputs, new Capture(false, false, true));
                HeatMaps maps = HeatMaps.of(words, features.crossAttentions().text());
                Double match = match(checkpoint, trunk, tokens, inputs);
                PixelReader colours = reader(withColours(processor.imageProcessor()), trunk);
                DataImage seen = DataImage.of(colours.processAll(arena, images));
                ExplainPage page = new ExplainPage(text, seen, words, maps, match);
                AtomicFile.write(output, page.html(layer, head));
            }
        }
    }

    private PixelReader reader(ImageProcessor processor, BridgeTowerModel trunk) {
        return pixels.reader(processor, trunk.config().visionConfig());
    }

    /** Makes of an image what the model sees, resized and cropped, before colours become other numbers. */
    private static ImageProcessor withColours(ImageProcessor processor) {
        return new ImageProcessor(processor.config().toBuilder()
                .doRescale(false)
                .doNormalize(false)
                .build());
    }

    /** The probability that the text describes the image; null without a head for it. */
    private static Double match(Checkpoint checkpoint, BridgeTowerModel trunk, TextInputs text, ImageInputs image)
            throws IOException, Failure {
        if (!BridgeTowerForImageAndTextRetrieval.isIn(checkpoint)) return null;
        try (var retrieval = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
            float[] logits = FiniteValues.checked(retrieval.logits(text, image)[0]);
            return BridgeTowerForImageAndTextRetrieval.probability(logits);
        }
    }

    private static void check(String option, Integer value, int count) throws Failure {
        if (value == null || value >= 0 && value < count) return;
        throw new Failure(option + ": this model has 0 to " + (count - 1) + ", found " + value);
    }
}
