package io.bridgetower.hub;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.hub.HubException.Kind;
import io.bridgetower.hub.Retries.TryAgainException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Brings a file into the cache. What has come is kept when the connection breaks or the process ends, and the next
 * attempt asks for the rest. A blob gets its name only when size and hash are right.
 */
final class Download {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HubConnection connection;
    private final Retries retries;
    private final Progress progress;
    private final RemoteFile file;
    private final Path blob;

    /** Not the name that Python gives to its own, whose locks are not ours. */
    private final Path partial;

    Download(HubConnection connection, Retries retries, Progress progress, RemoteFile file, Path blob) {
        this.connection = connection;
        this.retries = retries;
        this.progress = progress;
        this.file = file;
        this.blob = blob;
        this.partial = blob.resolveSibling(blob.getFileName() + ".jvm.incomplete");
    }

    /**
     * Makes sure that the blob is there.
     *
     * @param lock held meanwhile
     */
    void run(Path lock) throws IOException {
        Files.createDirectories(blob.getParent());
        try (CacheLock _ = CacheLock.take(lock)) {
            if (isThere()) return;
            retries.run(file.name() + " from " + file.address(), () -> {
                receive();
                check();
                return null;
            });
            AtomicFile.replace(partial, blob);
        }
    }

    private boolean isThere() throws IOException {
        return Files.isRegularFile(blob) && (file.size() < 0 || Files.size(blob) == file.size());
    }

    private void receive() throws IOException {
        try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (file.size() >= 0 && out.size() > file.size()) out.truncate(0);
            if (file.size() >= 0 && out.size() == file.size()) {
                out.force(true);
                return;
            }
            checkSpace(out.size());
            HttpResponse<BodyQueue> response = connection.get(file.address(), out.size());
            try (BodyQueue body = response.body()) {
                checkStatus(response, out);
                out.position(out.size());
                progress.at(file.name(), out.size(), file.size());
                copy(body, out);
            }
            out.force(true);
        }
    }

    private void checkStatus(HttpResponse<?> response, FileChannel out) throws IOException {
        HubConnection.checkPassing(response);
        switch (response.statusCode()) {
            case OK -> out.truncate(0);
            case PARTIAL -> {
                String range = response.headers().firstValue("Content-Range").orElse("");
                if (!range.startsWith("bytes " + out.size() + "-")) {
                    out.truncate(0);
                    throw new TryAgainException("the server sends another part than it was asked for", null, null);
                }
            }
            case RANGE_NOT_SATISFIABLE -> {
                out.truncate(0);
                throw new TryAgainException("the server knows no such part", null, null);
            }
            default ->
                throw new HubException(Kind.FAILED, file.address() + ": the server answers " + response.statusCode());
        }
    }

    private void copy(BodyQueue body, FileChannel out) throws IOException {
        while (true) {
            List<ByteBuffer> piece;
            try {
                piece = body.next(connection.patience().forBytes());
            } catch (IOException e) {
                throw new TryAgainException("the connection broke (" + e.getMessage() + ")", null, e);
            }
            if (piece == null) break;
            for (ByteBuffer bytes : piece) while (bytes.hasRemaining()) out.write(bytes);
            if (file.size() >= 0 && out.position() > file.size()) {
                out.truncate(0);
                throw new TryAgainException("the server sends more than " + file.size() + " bytes", null, null);
            }
            progress.at(file.name(), out.position(), file.size());
        }
        if (file.size() >= 0 && out.position() < file.size()) {
            String found = out.position() + " of " + file.size() + " bytes";
            throw new TryAgainException("the server stops after " + found, null, null);
        }
    }

    private void check() throws IOException {
        if (Checksum.matches(partial, file.etag())) return;
        Files.delete(partial);
        throw new TryAgainException("what came does not have the hash " + file.etag(), null, null);
    }

    private void checkSpace(long present) throws IOException {
        long free = Files.getFileStore(blob.getParent()).getUsableSpace();
        long needed = file.size() - present;
        if (needed <= free) return;
        throw new IOException(blob.getParent() + ": " + file.name() + " needs " + needed + " bytes more, the disk has "
                + free + " free; HF_HUB_CACHE names another place");
    }
}
