package io.bridgetower.model.checkpoint.tensor;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file mapped into memory, read-only, until it is closed; closing again does nothing. */
public final class MappedFile implements AutoCloseable {
    /** What to do about a file that is shorter than it says; the end of a complaint. */
    public static final String CUT_OFF = "; if it was cut off, get it again";

    private static final byte[] POINTER = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final FileStamp stamp;
    private final Arena arena;
    private final MemorySegment bytes;

    private MappedFile(Path path, FileStamp stamp, Arena arena, MemorySegment bytes) {
        this.path = path;
        this.stamp = stamp;
        this.arena = arena;
        this.bytes = bytes;
    }

    /**
     * Maps a file. In an interrupted thread too: that would close the channel, so the flag is cleared until the end.
     *
     * @throws MalformedFileException if only the pointer to it is there that Git leaves in the place of a large file
     */
    public static MappedFile open(Path path) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return map(path);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static MappedFile map(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            FileStamp stamp = FileStamp.of(path);
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            checkIsNoPointer(path, bytes);
            return new MappedFile(path, stamp, arena, bytes);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /** The file as it was when it was mapped. */
    public FileStamp stamp() {
        return stamp;
    }

    /** The whole file. Access after close throws {@link IllegalStateException}. */
    public MemorySegment bytes() {
        return bytes;
    }

    /** Owner of memory that lives as long as the mapping. */
    public Arena arena() {
        return arena;
    }

    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) arena.close();
    }

    private static void checkIsNoPointer(Path path, MemorySegment bytes) throws MalformedFileException {
        if (bytes.byteSize() < POINTER.length) return;
        if (bytes.asSlice(0, POINTER.length).mismatch(MemorySegment.ofArray(POINTER)) != -1) return;
        throw new MalformedFileException(
                path, null, "is only a pointer to the file, of Git LFS: run git lfs pull in its repository");
    }
}
