package io.bridgetower.jobs.rows;

import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.nio.file.Path;

/** Where the images of a job come from. Called by several threads at once. */
@FunctionalInterface
public interface ImageSource {
    /**
     * Reads and decodes an image.
     *
     * @throws IOException if there is none, or none that can be read; its message becomes the reason of the row
     */
    RgbImage read(String image) throws IOException;

    /** As {@link #below(Path, ImageReadOptions)}, with the defaults. */
    static ImageSource below(Path root) {
        return below(root, ImageReadOptions.DEFAULT);
    }

    /**
     * Regular files: paths, absolute or below a directory, and {@code file} URLs; and images that {@code data} URIs hold. In
     * a path below the directory, backslashes may separate names on every system.
     */
    static ImageSource below(Path root, ImageReadOptions options) {
        return image -> ImageReference.read(image, root, options);
    }
}
