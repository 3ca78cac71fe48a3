package io.bridgetower.cli.forward;

import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ModelDirectory;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.RegularFile;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code bridgetower forward}. */
@Command(
        name = "forward",
        description = "Run a model on tensors, to hold its outputs against those of another implementation.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower forward --model DIR --input in.safetensors --output out.st",
            "  bridgetower forward --model DIR --input in.safetensors --output out.st \\",
            "      --outputs itm.logits,hidden_states,attentions.0 --threads 2"
        })
public final class ForwardCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ModelDirectory model;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            required = true,
            description =
                    "Safetensors file with input_ids [pairs, tokens] or inputs_embeds, pixel_values [pairs, channels,"
                            + " height, width] or image_embeds and, where they are wanted, attention_mask,"
                            + " token_type_ids, itm.labels [pairs] and mlm.labels [pairs, tokens]; pixel_values_2 for a"
                            + " model of two images; vqa.targets [pairs, answers], ve.labels and nlvr2.labels [pairs]"
                            + " for losses; for a text model"
                            + " alone encoder_hidden_states and encoder_attention_mask.")
    private Path inputs;

    @Mixin
    private OutputFile output;

    @Option(
            names = "--outputs",
            paramLabel = "NAME",
            split = ",",
            converter = OutputName.class,
            description =
                    "What to compute and write, separated by commas: names, such as itm.logits, or what names begin"
                            + " with: ${COMPLETION-CANDIDATES}. If not given, everything that the reference puts out"
                            + " and there are heads and labels for, which is all but cross_attentions.",
            completionCandidates = OutputNames.class)
    private Set<String> outputs;

    @Option(
            names = "--interpolate-pos-encoding",
            description = "Take images of any size that the patch size divides, and resize the position embeddings.")
    private boolean interpolatePositions;

    @Mixin
    private EngineOptions engine;

    public ForwardCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        ModelOptions options = engine.modelOptions();
        RegularFile.check(inputs);
        output.check(List.of(inputs));
        Path directory = model.path(streams);
        output.checkIsNotOf(directory);
        ForwardSelection selection = new ForwardSelection(outputs);
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Checkpoint.open(directory, model.variant());
                ForwardInputs tensors = new ForwardInputs(inputs, arena, interpolatePositions);
                ForwardRun run = ForwardRun.of(checkpoint, tensors, arena, options, selection)) {
            write(selection.of(run.outputs()));
        }
        return null;
    }

    private void write(List<ForwardOutput> wanted) throws IOException, Failure {
        SafetensorsWriter writer = new SafetensorsWriter();
        try {
            for (ForwardOutput each : wanted) each.value().addTo(writer, each.name());
            writer.write(output.path());
        } catch (IllegalArgumentException e) {
            throw new Failure(inputs + ": " + e.getMessage());
        }
    }

    private static final class OutputName implements ITypeConverter<String> {
        @Override
        public String convert(String name) {
            if (ForwardSelection.isKnown(name)) return name;
            throw new TypeConversionException("there is no output " + name + ", only those that begin with "
                    + String.join(", ", ForwardSelection.GROUPS));
        }
    }

    private static final class OutputNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ForwardSelection.GROUPS.iterator();
        }
    }
}
