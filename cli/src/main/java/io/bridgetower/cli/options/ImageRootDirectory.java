package io.bridgetower.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The value of {@code --image-root}. */
public final class ImageRootDirectory {
    private ImageRootDirectory() {}

    /** The real path of a directory. */
    public static Path real(Path directory) throws IOException {
        if (!Files.exists(directory)) throw new NoSuchFileException(directory.toString(), null, "no such directory");
        if (!Files.isDirectory(directory)) throw new NotDirectoryException(directory + ": expected a directory");
        return directory.toRealPath();
    }
}
