package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.SafetensorsWriter;
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
        customSynopsis = {
            "bridgetower forward --model DIR --inputs FILE --output FILE",
            "                           [--outputs NAME,...] [--threads N]"
        },
        description = "Run a model on tensors, to hold its outputs against those of another implementation.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower forward --model DIR --inputs in.safetensors --output out.st",
            "  bridgetower forward --model DIR --inputs in.safetensors --output out.st \\",
            "      --outputs itm.logits,pooler_output --threads 2"
        })
final class ForwardCommand implements Callable<Void> {
    @Mixin
    private ModelDirectory model;

    @Option(
            names = "--inputs",
            paramLabel = "FILE",
            required = true,
            description =
                    "Safetensors file with input_ids [pairs, tokens], pixel_values [pairs, channels, height, width]"
                            + " and, if there is padding, attention_mask [pairs, tokens].")
    private Path inputs;

    @Mixin
    private OutputFile output;

    @Option(
            names = "--outputs",
            paramLabel = "NAME",
            split = ",",
            converter = OutputName.class,
            description =
                    "What to compute and write, separated by commas: ${COMPLETION-CANDIDATES}. If not given, all that"
                            + " the checkpoint holds the weights for.",
            completionCandidates = OutputNames.class)
    private Set<ForwardOutput> outputs;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private CommonOptions common;

    @Override
    public Void call() throws IOException, Failure {
        output.check();
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Checkpoint.open(model.path())) {
            List<ForwardOutput> wanted = wanted(checkpoint);
            ForwardInputs tensors = ForwardInputs.read(inputs, arena);
            try (BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, threads.modelOptions())) {
                ForwardRun run = new ForwardRun(checkpoint, trunk, tensors);
                SafetensorsWriter writer = new SafetensorsWriter();
                for (ForwardOutput each : wanted) writer.add(each.name(), compute(each, run));
                writer.write(output.path());
            }
        }
        return null;
    }

    private List<ForwardOutput> wanted(Checkpoint checkpoint) throws Failure {
        if (outputs == null) {
            return ForwardOutput.ALL.stream()
                    .filter(each -> each.isIn().test(checkpoint))
                    .toList();
        }
        for (ForwardOutput each : outputs) {
            if (!each.isIn().test(checkpoint)) {
                throw new Failure(model.path() + ": the checkpoint has no head for " + each.name());
            }
        }
        return List.copyOf(outputs);
    }

    private Tensor compute(ForwardOutput wanted, ForwardRun run) throws IOException, Failure {
        try {
            return wanted.value().of(run);
        } catch (IllegalArgumentException e) {
            throw new Failure(inputs + ": " + e.getMessage());
        }
    }

    private static final class OutputName implements ITypeConverter<ForwardOutput> {
        @Override
        public ForwardOutput convert(String name) {
            return ForwardOutput.named(name)
                    .orElseThrow(() -> new TypeConversionException(
                            "there is no output " + name + ", only " + String.join(", ", ForwardOutput.names())));
        }
    }

    private static final class OutputNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ForwardOutput.names().iterator();
        }
    }
}
