package io.bridgetower.cli.options;

import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import picocli.CommandLine.Option;

/** How a command reads images. */
public final class ExifOption {
    @Option(
            names = "--exif",
            paramLabel = "MODE",
            defaultValue = "apply",
            description = "apply: turn images upright as their EXIF data say. ignore: take the pixels as they are"
                    + " stored. ${DEFAULT-VALUE} if not given.")
    private Exif exif;

    public ImageReadOptions reading() {
        return ImageReadOptions.DEFAULT.withExif(exif);
    }
}
