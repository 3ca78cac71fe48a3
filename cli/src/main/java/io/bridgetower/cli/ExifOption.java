package io.bridgetower.cli;

import io.bridgetower.processor.image.Exif;
import io.bridgetower.processor.image.ImageReadOptions;
import picocli.CommandLine.Option;

/** How a command reads pictures. */
final class ExifOption {
    @Option(
            names = "--exif",
            paramLabel = "MODE",
            defaultValue = "apply",
            description = "apply: turn pictures upright as their EXIF data say. ignore: take the pixels as they are"
                    + " stored. ${DEFAULT-VALUE} if not given.")
    private Exif exif;

    ImageReadOptions reading() {
        return ImageReadOptions.DEFAULT.withExif(exif);
    }
}
