package io.bridgetower.cli.pair;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Image files. */
public final class ImageArguments {
    /** What they may be, for the help. */
    public static final String FORMATS = "JPEG, PNG, GIF, BMP, TIFF, WebP, PPM, PGM or PBM";

    private ImageArguments() {}

    /** Checks that there are files to read, before anything that takes time. */
    public static void check(List<Path> files) throws IOException, Failure {
        for (Path file : files) {
            if (Files.isDirectory(file)) throw new Failure(file + ": expected an image, found a directory");
            if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
        }
    }

    public static List<RgbImage> read(List<Path> files, ImageReadOptions options) throws IOException {
        List<RgbImage> images = new ArrayList<>(files.size());
        for (Path file : files) images.add(ImageCodec.read(file, options));
        return images;
    }
}
