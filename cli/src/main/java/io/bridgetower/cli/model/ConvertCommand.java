package io.bridgetower.cli.model;

import io.bridgetower.cli.options.ForceOption;
import io.bridgetower.cli.options.ModelDirectory;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.OutputDirectory;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.checkpoint.Conversion;
import io.bridgetower.processor.image.ImageProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower convert}. */
@Command(
        name = "convert",
        description = "Write a model again, with its weights in one safetensors file, in another type if asked.",
        footerHeading = "%nExamples:%n",
        footer = "  bridgetower convert --model DIR --dtype bf16 --output DIR-bf16")
public final class ConvertCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ModelDirectory model;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description =
                    "Directory to write to, created if need be; with --force, files of other names that it holds stay.")
    private Path output;

    @Mixin
    private ForceOption force;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "bf16, f16 or f32; rounded to the nearest, ties to even. If not given, weights stay as they are.")
    private Conversion.Target dtype;

    public ConvertCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        force.checkDirectory(output);
        Path from = model.path(streams);
        OutputFile.checkIsNone(output, List.of(from));
        ImageProcessor images = ImageProcessor.configFile(from).isPresent() ? ImageProcessor.load(from) : null;
        try (OutputDirectory directory = new OutputDirectory(output)) {
            Conversion.run(from, directory.path(), dtype, model.variant(), () -> {
                // What was copied may be in a form that not every version of Transformers reads.
                if (images != null) images.save(directory.path());
            });
            directory.commit();
        }
        return null;
    }
}
