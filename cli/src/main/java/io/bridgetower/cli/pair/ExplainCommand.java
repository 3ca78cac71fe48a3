package io.bridgetower.cli.pair;

import io.bridgetower.BridgeTower;
import io.bridgetower.Explanation;
import io.bridgetower.Head;
import io.bridgetower.Image;
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
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
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
        ModelOptions options = engine.modelOptions().withVariant(model.variant());
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
        BridgeTowerConfig config;
        try (Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            config = checkpoint.config();
        }
        check("--layer", layer, config.numHiddenLayers());
        check("--head", head, config.textConfig().numAttentionHeads());
        MissingImageProcessor.note(directory, streams);
        try (BridgeTower bridgeTower = BridgeTower.builder(directory)
                .modelOptions(options)
                .images(pixels.options())
                .load()) {
            Image read = Image.of(named.read(bridgeTower.pixelReader().reading()));
            Explanation explanation = bridgeTower.explain(read, text);
            Double match = bridgeTower.heads().contains(Head.MATCHING)
                    ? (Double) bridgeTower.score(read, text).probability()
                    : null;
            AtomicFile.write(output, new ExplainPage(text, explanation, match).html(layer, head));
        }
    }

    private static void check(String option, Integer value, int count) throws Failure {
        if (value == null || value >= 0 && value < count) return;
        throw new Failure(option + ": this model has 0 to " + (count - 1) + ", found " + value);
    }
}
