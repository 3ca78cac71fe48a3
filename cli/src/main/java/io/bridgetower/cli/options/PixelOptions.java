package io.bridgetower.cli.options;

import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelReader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command reads images, and at which size they enter the model. */
public final class PixelOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private ExifOption exif;

    private int size;

    @Option(
            names = "--interpolate-pos-encoding",
            description = "Take images at the size that the image processor gives them, also if it is not the model's,"
                    + " and interpolate the model's position embeddings.")
    private boolean interpolate;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description =
                    "Resize and crop images to N x N pixels, a multiple of the model's patch size, and interpolate"
                            + " its position embeddings.")
    private void setSize(int pixels) {
        if (pixels < 1) {
            throw new ParameterException(
                    command.commandLine(), "--image-size: expected 1 or more pixels, found " + pixels);
        }
        size = pixels;
    }

    public ImageOptions options() {
        return new ImageOptions(exif.reading(), size, interpolate);
    }

    /** @throws IllegalArgumentException if the model cannot take images of the size */
    public PixelReader reader(ImageProcessor processor, BridgeTowerVisionConfig config) {
        return Pixels.reader(config, processor, options());
    }
}
