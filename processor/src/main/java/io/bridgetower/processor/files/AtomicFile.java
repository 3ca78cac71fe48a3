package io.bridgetower.processor.files;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/** Files that appear whole or not at all. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Writes {@code bytes} beside {@code target} under another name, then renames them over it. A link is followed.
     *
     * @throws IOException if they cannot be written; {@code target} is as it was then
     */
    public static void write(Path target, byte[] bytes) throws IOException {
        // A rename would put a file in the place of a device, and of a link instead of what it leads to.
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FileSystemException(target.toString(), null, "exists and is not a regular file");
        }
        Path real = Files.exists(target) ? target.toRealPath() : target;
        String suffix = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
        Path temporary = real.resolveSibling("." + real.getFileName() + "." + suffix + ".tmp");
        try {
            Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            rename(temporary, real);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
