package io.bridgetower.search.index;

import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;

/**
 * The directory that the images of an index are stored relative to. An image below it is stored by its relative path,
 * with {@code /} between the names on every system; any other by its absolute path.
 *
 * @param directory absolute; null for none
 */
record ImageRoot(Path directory) {
    /** @throws IllegalArgumentException if the directory is not absolute */
    ImageRoot {
        if (directory != null && !directory.isAbsolute()) {
            throw new IllegalArgumentException("image root: expected an absolute path, found " + directory);
        }
    }

    /** How an image is stored. */
    String name(IndexedImage image) {
        Path path = image.path();
        if (directory == null || !path.startsWith(directory) || path.equals(directory)) return path.toString();
        StringJoiner name = new StringJoiner("/");
        for (Path part : directory.relativize(path)) name.add(part.toString());
        return name.toString();
    }

    /** How an image may be stored, which may have been added under another root. */
    List<String> names(IndexedImage image) {
        String name = name(image), absolute = image.path().toString();
        return name.equals(absolute) ? List.of(name) : List.of(name, absolute);
    }

    /** The path of an image that is stored by this name. */
    Path path(String name) {
        Path path =
                directory == null ? Path.of(name) : directory.getFileSystem().getPath(name);
        if (path.isAbsolute()) return path;
        if (directory == null) {
            throw new IllegalStateException("the index names images relative to a root, and says none: " + name);
        }
        return directory.resolve(path);
    }
}
