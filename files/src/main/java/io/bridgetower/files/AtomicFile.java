package io.bridgetower.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears whole or not at all: written under another name in the target's directory, then renamed over the
 * target by {@link #commit}. After a commit the new content survives a loss of power. The file has the permissions that
 * the process gives to new files. Closing without a commit leaves the target as it was.
 */
public final class AtomicFile implements AutoCloseable {
    private static final String TEMPORARY_SUFFIX = ".tmp";

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    /**
     * Starts a new version of a file. Where the target is a symbolic link, the file that it leads to is replaced.
     *
     * @throws NoSuchFileException if its directory does not exist
     * @throws FileSystemException if the target exists and is not a regular file
     * @throws IOException if nothing can be written there
     */
    public AtomicFile(Path target) throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new NoSuchFileException(target.toString(), null, "there is no directory " + directory);
        }
        // A rename would replace a device, and a link instead of what it leads to.
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FileSystemException(target.toString(), null, "exists and is not a regular file");
        }
        if (Files.isSymbolicLink(target) && Files.exists(target)) target = target.toRealPath();
        String suffix = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
        this.target = target;
        this.temporary = target.resolveSibling(temporaryPrefix(target) + suffix + TEMPORARY_SUFFIX);
        this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Replaces {@code target} by {@code text}, in UTF-8; throws as the constructor. */
    public static void write(Path target, String text) throws IOException {
        write(target, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces {@code target} by {@code bytes}; throws as the constructor. */
    public static void write(Path target, byte[] bytes) throws IOException {
        try (AtomicFile file = new AtomicFile(target)) {
            file.write(ByteBuffer.wrap(bytes));
            file.commit();
        }
    }

    /**
     * Renames a file whose content is synced to the disk already over another one, if any, in the same directory.
     *
     * @throws IOException if it cannot be renamed; both are as they were then
     */
    public static void replace(Path finished, Path target) throws IOException {
        try {
            // Whether an atomic move alone replaces is up to the file system.
            Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(finished, target, StandardCopyOption.REPLACE_EXISTING);
        }
        syncDirectory(target.toAbsolutePath().getParent());
    }

    /** Whether {@code file} is what a process left that died while it wrote {@code target}. */
    public static boolean isLeftover(Path file, Path target) {
        String name = file.getFileName().toString();
        return name.startsWith(temporaryPrefix(target)) && name.endsWith(TEMPORARY_SUFFIX);
    }

    /**
     * Appends all that remains in {@code bytes}.
     *
     * @throws FileSystemException with the name of the target, if the disk is full or fails
     */
    public void write(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) channel.write(bytes);
        } catch (IOException e) {
            throw named(target, e);
        }
    }

    /** Replaces the target by what has been written; throws as {@link #write(ByteBuffer)}. */
    public void commit() throws IOException {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw named(target, e);
        }
        replace(temporary, target);
    }

    /** An exception of a channel, which does not know the name of its file, with that name; one that knows it as it is. */
    public static IOException named(Path file, IOException e) {
        if (e instanceof FileSystemException || e instanceof ClosedChannelException) return e;
        FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
        named.initCause(e);
        return named;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String temporaryPrefix(Path target) {
        return "." + target.getFileName() + ".";
    }

    /** The new name of a file is on the disk when its directory is. */
    private static void syncDirectory(Path directory) {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (IOException e) {
            // Windows does not open directories, and some file systems do not sync them; the rename itself has
            // succeeded.
        }
    }
}
