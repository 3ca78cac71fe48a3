package io.bridgetower.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.jobs.Gap;
import io.bridgetower.jobs.GapFiller;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.ImageInputs;
import io.bridgetower.model.TextInputs;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.Tokenizer;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        customSynopsis = {
            "bridgetower fill --image FILE --text TEXT",
            "                        [--model MODEL] [--top K] [--json] [--exif apply|ignore]",
            "                        [--image-size N] [--interpolate-pos-encoding]",
            "                        [--threads N] [--weights f32|bf16]"
        },
        description = "Fill the gaps of a text with the words that a picture suggests.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower fill --image square.png --text \"a <mask> square\"",
            "  bridgetower fill --image square.png --text \"a <mask> <mask>\" --top 3 --json"
        })
final class FillCommand implements Callable<Void> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOrDemo model;

    @Option(names = "--image", paramLabel = "FILE", required = true, description = "Picture: " + Pictures.FORMATS + ".")
    private Path image;

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

    @Mixin
    private CommonOptions common;

    FillCommand(Streams streams) {
        this.streams = streams;
    }

    @Option(names = "--top", paramLabel = "K", description = "How many words to show for each gap; 5 if not given.")
    private void setTop(int count) {
        if (count < 1) throw new ParameterException(spec.commandLine(), "--top: expected 1 or more, found " + count);
        top = count;
    }

    @Override
    public Void call() throws IOException, Failure {
        Pictures.check(List.of(image));
        Path directory = model.path();
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            BridgeTowerProcessor processor = BridgeTowerProcessor.load(directory);
            MissingImageProcessor.note(directory, streams);
            int[] ids = ids(processor.tokenizer(), checkpoint);
            PixelReader reader = pixels.reader(
                    processor.imageProcessor(), checkpoint.config().visionConfig());
            try (var filling =
                    BridgeTowerForMaskedLM.load(directory, engine.modelOptions().withVariant(model.variant()))) {
                GapFiller filler = new GapFiller(processor.tokenizer());
                int[] masks = filler.masks(ids);
                ImageInputs picture =
                        ImageInputs.of(reader.readAll(arena, List.of(image))).withInterpolatePosEncoding(true);
                List<Gap> gaps = new ArrayList<>();
                filling.<Failure>logitsAt(
                        TextInputs.of(new int[][] {ids}),
                        picture,
                        new int[][] {masks},
                        (pair, token, logits) -> gaps.add(filler.gap(token, Finite.checked(logits), top)));
                String completed = filler.completed(ids, gaps);
                if (json) writeJson(completed, gaps);
                else writeTable(completed, gaps);
            }
        }
        if (model.isDemo() && !json) streams.complain(DemoModel.note("filled in"));
        return null;
    }

    private int[] ids(Tokenizer tokenizer, Checkpoint checkpoint) throws IOException, Failure {
        int[] ids = new Captions(tokenizer, checkpoint.config().textConfig()).idsOfAll(text);
        int mask = tokenizer.maskId();
        if (Arrays.stream(ids).noneMatch(id -> id == mask)) {
            throw new Failure("the text has no gap; "
                    + tokenizer.decode(new int[] {mask}, false).strip() + " stands for one");
        }
        return ids;
    }

    private void writeTable(String completed, List<Gap> gaps) throws IOException {
        Table table = new Table("gap", "probability", "word");
        for (int i = 0; i < gaps.size(); i++) {
            for (Gap.Word word : gaps.get(i).words()) {
                String probability = String.format(Locale.ROOT, "%.4f", word.probability());
                table.add(Integer.toString(i + 1), probability, word.text().strip());
            }
        }
        Writer out = streams.writer();
        out.append(Printable.of(completed)).append("\n\n");
        table.write(out);
        out.flush();
    }

    private void writeJson(String completed, List<Gap> gaps) throws IOException {
        try (JsonGenerator out = Json.generator(streams.out())) {
            out.writeStartObject();
            out.writeStringField("image", image.toString());
            out.writeStringField("text", text);
            out.writeStringField("completed", completed);
            out.writeArrayFieldStart("masks");
            for (Gap gap : gaps) {
                out.writeStartObject();
                out.writeNumberField("token", gap.token());
                out.writeArrayFieldStart("words");
                for (Gap.Word word : gap.words()) {
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
