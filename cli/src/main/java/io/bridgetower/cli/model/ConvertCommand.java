package io.bridgetower.cli.model;

import io.bridgetower.cli.options.CommonOptions;
import io.bridgetower.cli.options.ModelDirectory;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.model.checkpoint.Conversion;
import io.bridgetower.processor.image.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower convert}. */
@Command(
        name = "convert",
        customSynopsis = "bridgetower convert --model MODEL --output DIR [--dtype bf16|f16|f32]",
        description = "Write a model again, with its weights in one safetensors file, in another type if asked.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = "  bridgetower convert --model DIR --dtype bf16 --output DIR-bf16")
public final class ConvertCommand implements Callable<Void> {
    private static final List<String> WRITTEN = List.of("config.json", "model.safetensors");

    @Mixin
    private ModelDirectory model;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description = "Directory to write to, created if need be; a model that it holds stays as it is.")
    private Path output;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "bf16, f16 or f32; rounded to the nearest, ties to even. If not given, weights stay as they are.")
    private Conversion.Target dtype;

    @Mixin
    private CommonOptions common;

    @Override
    public Void call() throws IOException, Failure {
        for (String name : WRITTEN) {
            Path file = output.resolve(name);
            if (Files.exists(file)) throw new Failure(file + ": there is a model already, which stays as it is");
        }
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw new Failure(output + ": expected a directory, found a file");
        }
        Path from = model.path();
        ImageProcessor images = ImageProcessor.configFile(from).isPresent() ? ImageProcessor.load(from) : null;
        Conversion.run(from, output, dtype, model.variant(), () -> {
            // What was copied may be in a form that not every version of Transformers reads.
            if (images != null) images.save(output);
        });
        return null;
    }
}
