package io.bridgetower.cli.preprocess;

import io.bridgetower.cli.options.CommonOptions;
import io.bridgetower.cli.options.ExifOption;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.options.ProcessorDirectory;
import io.bridgetower.cli.pair.ImageArguments;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower preprocess}. */
@Command(
        name = "preprocess",
        customSynopsis = {
            "bridgetower preprocess --model MODEL --image FILE... --output FILE",
            "                              [--exif apply|ignore]"
        },
        description = "Turn images into the tensors that a model takes: pixel_values and pixel_mask.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  bridgetower preprocess --model DIR --image a.jpg b.jpg --output out.safetensors"})
public final class PreprocessCommand implements Callable<Void> {
    private final Streams streams;

    @Mixin
    private ProcessorDirectory model;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            arity = "1..*",
            required = true,
            converter = NotAnOption.AsPath.class,
            description = "Images: " + ImageArguments.FORMATS + ".")
    private List<Path> images;

    @Mixin
    private ExifOption exif;

    @Mixin
    private OutputFile output;

    @Mixin
    private CommonOptions common;

    public PreprocessCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        output.check(images);
        ImageArguments.check(images);
        Path directory = model.path();
        output.checkIsNotOf(directory);
        ImageProcessor processor = ImageProcessor.load(directory);
        MissingImageProcessor.note(directory, streams);
        try (Arena arena = Arena.ofShared()) {
            PixelBatch batch = processor.preprocess(arena, ImageArguments.read(images, exif.reading()));
            new SafetensorsWriter()
                    .add("pixel_values", batch.pixelValues())
                    .add("pixel_mask", batch.pixelMask())
                    .write(output.path());
        }
        return null;
    }
}
