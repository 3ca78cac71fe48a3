package io.bridgetower.cli.evaluate;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directory in which the images of a data set lie. */
record ImageFolder(Path directory) {
    private static final List<String> ENDINGS = List.of("", ".jpg", ".jpeg", ".png");

    /**
     * The file of an image.
     *
     * @param names that it may have, relative to the directory, with or without an ending
     * @throws NoSuchFileException if it has none of them; the message names the first
     */
    Path find(List<String> names) throws NoSuchFileException {
        List<String> tried = new ArrayList<>();
        for (String name : names) {
            for (String ending : ENDINGS) {
                Path file = resolve(name + ending);
                if (file != null && Files.isRegularFile(file)) return file;
            }
            tried.add(name);
        }
        throw new NoSuchFileException(
                directory.toString(), null, "there is no image " + String.join(", nor ", tried) + " in this directory");
    }

    /** Null for what would lie elsewhere, or cannot be a path. */
    private Path resolve(String name) {
        try {
            Path file = directory.resolve(name).normalize();
            return file.startsWith(directory.normalize()) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
