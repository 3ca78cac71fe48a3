package io.bridgetower.cli.pair;

import io.bridgetower.cli.options.CommonOptions;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
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
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerModelOutput;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelReader;
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
        customSynopsis = {
            "bridgetower explain --image FILE --text TEXT --output PAGE",
            "                           [--model MODEL] [--layer L] [--head H]",
            "                           [--exif apply|ignore] [--image-size N]",
            "                           [--interpolate-pos-encoding] [--threads N]",
            "                           [--weights f32|bf16]"
        },
        description =
                "Show where in an image each word of a text looks: a web page with the cross-attention of every layer"
                        + " and head as heat maps.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  bridgetower explain --image cat.jpg --text \"a cat on a mat\" --output cat.html"})
public final class ExplainCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ModelOrDemo model;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            required = true,
            description = "Image: " + ImageArguments.FORMATS + ".")
    private Path image;

    @Option(names = "--text", paramLabel = "TEXT", required = true, description = "Text whose words to explain.")
    private String text;

    @Option(
            names = "--output",
            paramLabel = "PAGE",
            required = true,
            description = "HTML file to write; it needs nothing else to be looked at.")
    private Path output;

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

    @Mixin
    private CommonOptions common;

    public ExplainCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        RegularFile.check(image);
        OutputFile.check(output, List.of(image));
        ImageArguments.check(List.of(image));
        Path directory = model.path();
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
            try (BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, engine.modelOptions())) {
                PixelReader reader = reader(processor.imageProcessor(), trunk);
                ImageInputs inputs = Pixels.inputs(reader.readAll(arena, List.of(image)));
                TextInputs tokens = TextInputs.of(new int[][] {ids});
                BridgeTowerModelOutput features = trunk.forward(arena, tokens, inputs, new Capture(false, false, true));
                HeatMaps maps = HeatMaps.of(words, features.crossAttentions().text());
                Double match = match(checkpoint, trunk, tokens, inputs);
                ExplainPage page =
                        new ExplainPage(text, image(processor.imageProcessor(), trunk, arena), words, maps, match);
                AtomicFile.write(output, page.html(layer, head));
            }
        }
        if (model.isDemo()) streams.complain(DemoModel.note("explained"));
        return null;
    }

    private PixelReader reader(ImageProcessor processor, BridgeTowerModel trunk) {
        return pixels.reader(processor, trunk.config().visionConfig());
    }

    /** The image as the model sees it, resized and cropped, before colours become other numbers. */
    private DataImage image(ImageProcessor processor, BridgeTowerModel trunk, Arena arena) throws IOException {
        ImageProcessor colours = new ImageProcessor(processor.config().toBuilder()
                .doRescale(false)
                .doNormalize(false)
                .build());
        return DataImage.of(reader(colours, trunk).readAll(arena, List.of(image)));
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
