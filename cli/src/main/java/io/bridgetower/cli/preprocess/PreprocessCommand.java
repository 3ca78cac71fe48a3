package io.bridgetower.cli.preprocess;

import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.cli.options.ExifOption;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.options.ProcessorDirectory;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelBatch;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower preprocess}. */
@Command(
        name = "preprocess",
        description = "Turn images into the tensors that a model takes: pixel_values and pixel_mask.",
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
            converter = NotAnOption.class,
            description = "Images: " + ImageArguments.SEVERAL)
    private List<String> images;

    @Mixin
    private final ImageArguments arguments = new ImageArguments();

    @Mixin
    private ExifOption exif;

    @Mixin
    private OutputFile output;

    public PreprocessCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        try (var _ = arguments) {
            run(arguments.all(images, streams));
        }
        return null;
    }

    private void run(List<NamedImage> named) throws IOException, Failure {
        output.check(ImageArguments.files(named));
        Path directory = model.path(streams);
        output.checkIsNotOf(directory);
        ImageProcessor processor = ImageProcessor.load(directory);
        MissingImageProcessor.note(directory, streams);
        try (Arena arena = Arena.ofShared()) {
            PixelBatch batch = processor.preprocess(arena, read(named));
            new SafetensorsWriter()
                    .add("pixel_values", batch.pixelValues())
                    .add("pixel_mask", batch.pixelMask())
                    .write(output.path());
        }
    }

    private List<RgbImage> read(List<NamedImage> named) throws IOException {
        List<RgbImage> decoded = new ArrayList<>(named.size());
        for (NamedImage image : named) decoded.add(image.read(exif.reading()));
        return decoded;
    }
}
