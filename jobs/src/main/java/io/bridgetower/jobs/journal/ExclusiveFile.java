package io.bridgetower.jobs.journal;

import io.bridgetower.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one job at a time has open, among all processes. It is never deleted to be made anew: a lock on a file that
 * is deleted does not block another one of the same name. Exceptions name the file.
 */
final class ExclusiveFile implements AutoCloseable {
    /**
     * The files that this process has open. A second channel on one of them must not even be opened: on some systems, the
     * end of any channel takes away the locks that the process has on its file.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path key;
    private final FileChannel channel;

    private ExclusiveFile(Path path, Path key, FileChannel channel) {
        this.path = path;
        this.key = key;
        this.channel = channel;
    }

    /**
     * Opens a file, or creates it.
     *
     * @throws FileSystemException if another job has it open
     * @throws IOException if it cannot be opened or locked
     */
    static ExclusiveFile open(Path path) throws IOException {
        Path key = path.toAbsolutePath().getParent().toRealPath().resolve(path.getFileName());
        if (!OPEN.add(key)) throw inUse(path);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) throw inUse(path);
            return new ExclusiveFile(path, key, channel);
        } catch (IOException | OverlappingFileLockException e) {
            if (channel != null) channel.close();
            OPEN.remove(key);
            throw e instanceof IOException io ? AtomicFile.named(path, io) : inUse(path);
        }
    }

    Path path() {
        return path;
    }

    long size() throws IOException {
        return attempt(channel::size);
    }

    long position() throws IOException {
        return attempt(channel::position);
    }

    /** Reads the whole file. */
    byte[] read() throws IOException {
        return attempt(() -> {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            channel.position(0);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) continue;
            return bytes.array();
        });
    }

    /** Cuts off what is behind the first bytes, and goes on writing there. */
    void truncate(long size) throws IOException {
        attempt(() -> channel.truncate(size).position(size));
    }

    void write(byte[] bytes) throws IOException {
        attempt(() -> {
            ByteBuffer remaining = ByteBuffer.wrap(bytes);
            while (remaining.hasRemaining()) channel.write(remaining);
            return null;
        });
    }

    /** Returns when all that was written is on the disk. */
    void force() throws IOException {
        attempt(() -> {
            channel.force(true);
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OPEN.remove(key);
        }
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private <T> T attempt(Action<T> action) throws IOException {
        try {
            return action.run();
        } catch (IOException e) {
            throw AtomicFile.named(path, e);
        }
    }

    private static FileSystemException inUse(Path path) {
        return new FileSystemException(
                path.toString(),
                null,
                "another job is writing this output: wait until it has ended, or write to another file");
    }
}
