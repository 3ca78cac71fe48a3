package io.bridgetower.cli.pair;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.Filled;
import io.bridgetower.MaskFiller;
import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Json;
import io.bridgetower.cli.terminal.Printable;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.cli.terminal.Table;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower fill}. */
@Command(
        name = "fill",
        description = "Fill the gaps of a text with the words that an image suggests.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower fill --image square.png --text \"a <mask> square\"",
            "  bridgetower fill --image square.png --text \"a <mask> <mask>\" --top 3 --json"
        })
public final class FillCommand implements Callable<Void> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOrDemo model;

    @Option(names = "--image", paramLabel = "FILE", required = true, description = "Image: " + ImageArguments.ONE)
    private String image;

    @Mixin
    private final ImageArguments arguments = new ImageArguments();

    @Option(names = "--text", paramLabel = "TEXT", required = true, description = "Text with <mask> for every gap.")
    private String text;

    private int top = 5;

    @Option(
            names = "--json",
            description = "Print JSON: {\"image\": …, \"text\": …, \"completed\": …, \"masks\":"
                    + " [{\"token\": …, \"words\": [{\"word\": …, \"probability\": …}, …]}, …]}.")
    private boolean json;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    public FillCommand(Streams streams) {
        this.streams = streams;
    }

    @Option(names = "--top", paramLabel = "K", description = "How many words to show for each gap; 5 if not given.")
    private void setTop(int count) {
        if (count < 1) throw new ParameterException(spec.commandLine(), "--top: expected 1 or more, found " + count);
        top = count;
    }

    @Override
    public Void call() throws IOException, Failure {
        ModelOptions options = engine.modelOptions().withVariant(model.variant());
        try (var _ = arguments) {
            fill(arguments.one(image, streams), options);
        }
        if (model.isDemo() && !json) streams.note(DemoModel.note("filled in"));
        return null;
    }

    private void fill(NamedImage named, ModelOptions options) throws IOException, Failure {
        Path directory = model.path(streams);
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            BridgeTowerProcessor processor = ModelProcessors.load(checkpoint);
            MissingImageProcessor.note(directory, streams);
            int[] ids = TextPreparation.of(
                            processor.tokenizer(), checkpoint.config().textConfig())
                    .ids(text);
            MaskFiller filler = new MaskFiller(processor.tokenizer());
            int[] masks = filler.masks(ids);
            PixelReader reader = pixels.reader(
                    processor.imageProcessor(), checkpoint.config().visionConfig());
            try (var filling = BridgeTowerForMaskedLM.load(directory, options)) {
                List<RgbImage> images = List.of(named.read(reader.reading()));
                ImageInputs inputs = Pixels.inputs(reader.processAll(arena, images));
                List<Filled> filled = new ArrayList<>();
                filling.<Failure>logitsAt(
                        TextInputs.of(new int[][] {ids}),
                        inputs,
                        new int[][] {masks},
                        (pair, token, logits) -> filled.add(filler.fill(token, logits, top)));
                String completed = filler.complete(ids, filled);
                if (json) writeJson(completed, filled);
                else writeTable(completed, filled);
            }
        }
    }

    private void writeTable(String completed, List<Filled> filled) throws IOException {
        Table table = new Table("gap", "probability", "word");
        for (int i = 0; i < filled.size(); i++) {
            for (Filled.Word word : filled.get(i).words()) {
                String probability = String.format(Locale.ROOT, "%.4f", word.probability());
                table.add(Integer.toString(i + 1), probability, word.text().strip());
            }
        }
        Writer out = streams.writer();
        out.append(Printable.of(completed)).append("\n\n");
        table.write(out);
        out.flush();
    }

    private void writeJson(String completed, List<Filled> filled) throws IOException {
        try (JsonGenerator out = Json.generator(streams.out())) {
            out.writeStartObject();
            out.writeStringField("image", image);
            out.writeStringField("text", text);
            out.writeStringField("completed", completed);
            out.writeArrayFieldStart("masks");
            for (Filled mask : filled) {
                out.writeStartObject();
                out.writeNumberField("token", mask.token());
                out.writeArrayFieldStart("words");
                for (Filled.Word word : mask.words()) {
                    out.writeStartObject();
                    out.writeStringField("word", word.text());
                    out.writeNumberField("probability", word.probability());
                    out.writeEndObject();
                }
                out.writeEndArray();
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeRaw('\n');
        }
    }
}
