package io.bridgetower.cli;

import io.bridgetower.processor.image.ImageReadOptions;
import io.bridgetower.processor.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Picture files. */
final class Pictures {
    /** What they may be, for the help. */
    static final String FORMATS = "JPEG, PNG, GIF, BMP, TIFF, WebP, PPM, PGM or PBM";

    private Pictures() {}

    /** Checks that there are files to read, before anything that takes time. */
    static void check(List<Path> files) throws IOException, Failure {
        for (Path file : files) {
            if (Files.isDirectory(file)) throw new Failure(file + ": expected a picture, found a directory");
            if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
        }
    }

    static List<RgbImage> read(List<Path> files, ImageReadOptions options) throws IOException {
        List<RgbImage> images = new ArrayList<>(files.size());
        for (Path file : files) images.add(RgbImage.read(file, options));
        return images;
    }
}
