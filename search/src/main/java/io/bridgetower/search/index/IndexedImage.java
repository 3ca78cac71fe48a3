package io.bridgetower.search.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file, known by its path. Size and time tell whether it is still what it was.
 *
 * @param path absolute, without redundant parts
 * @param bytes its size
 * @param modified when it was changed last, in milliseconds since 1970
 */
public record IndexedImage(Path path, long bytes, long modified) implements Item {
    /** @throws IllegalArgumentException if the path is not absolute */
    public IndexedImage {
        if (!path.isAbsolute()) throw new IllegalArgumentException(path + ": expected an absolute path");
    }

    /**
     * The file as it is now.
     *
     * @throws IOException if it is not there or cannot be looked at
     */
    public static IndexedImage of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Path path = file.toAbsolutePath().normalize();
        return new IndexedImage(
                path, attributes.size(), attributes.lastModifiedTime().toMillis());
    }

    /** The path. */
    @Override
    public String toString() {
        return path.toString();
    }
}
