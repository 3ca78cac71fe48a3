package io.bridgetower.jobs;

import io.bridgetower.processor.image.RgbImage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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

    /** Regular files: absolute, or below a directory. */
    static ImageSource below(Path root) {
        return image -> {
            Path file = root.resolve(image);
            // A pipe would wait for its other end for ever.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new FileSystemException(file.toString(), null, "expected a regular file");
            }
            return RgbImage.read(file);
        };
    }
}
