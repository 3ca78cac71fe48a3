package io.bridgetower.jobs;

import io.bridgetower.processor.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;

/** Where the pictures of a job come from. Called by several threads at once. */
@FunctionalInterface
public interface ImageSource {
    /**
     * Reads and decodes a picture.
     *
     * @throws IOException if there is none, or none that can be read; its message becomes the reason of the row
     */
    RgbImage read(String image) throws IOException;

    /** Files: absolute, or below a directory. */
    static ImageSource below(Path root) {
        return image -> RgbImage.read(root.resolve(image));
    }
}
