package io.bridgetower.model.checkpoint;

import io.bridgetower.files.Sha256;
import io.bridgetower.model.checkpoint.tensor.FileStamp;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A hash of each tensor of a checkpoint: of its type, its shape and all its bytes. Computed when it is first needed, from
 * the files, which are opened again: the checkpoint may be closed by then. Safe to share between threads.
 */
final class TensorDigests {
    private static final int BUFFER_BYTES = 1 << 16;

    private final TensorFiles files;
    private final List<FileStamp> stamps;
    private final DigestCache cache;

    /** By the names that models ask by; null until it is needed. */
    private SortedMap<String, String> digests;

    /** @param stamps of the files when the model's weights were mapped */
    TensorDigests(TensorFiles files, List<FileStamp> stamps, DigestCache cache) {
        this.files = files;
        this.stamps = List.copyOf(stamps);
        this.cache = cache;
    }

    /** Whether these are the digests of the same files with the same content, as far as the file system tells. */
    boolean isOfSameFiles(TensorDigests other) {
        return stamps.equals(other.stamps);
    }

    /**
     * The hashes in hexadecimal, of tensors that are weights, by the names that models ask by.
     *
     * @throws FileSystemException if a file has changed since the model was loaded
     * @throws IOException if a file cannot be read
     */
    synchronized SortedMap<String, String> get() throws IOException {
        if (digests != null) return digests;
        try (TensorSource source = files.open()) {
            List<FileStamp> found = source.stamps();
            check(found);
            Map<String, TensorInfo> weights = weights(source);
            SortedMap<String, String> cached = cache.read(found, weights.keySet());
            if (cached == null) {
                cached = compute(source, weights);
                for (FileStamp stamp : found) check(stamp, FileStamp.of(Path.of(stamp.path())));
                cache.write(found, cached);
            }
            digests = Collections.unmodifiableSortedMap(cached);
            return digests;
        }
    }

    private void check(List<FileStamp> found) throws FileSystemException {
        if (found.size() != stamps.size()) throw changed(files.path().toString());
        for (int i = 0; i < found.size(); i++) check(stamps.get(i), found.get(i));
    }

    private static void check(FileStamp expected, FileStamp found) throws FileSystemException {
        if (!found.hasContentOf(expected)) throw changed(expected.path());
    }

    private static FileSystemException changed(String file) {
        return new FileSystemException(
                file, null, "has changed since the model was loaded, whose fingerprint is therefore unknown");
    }

    private Map<String, TensorInfo> weights(TensorSource source) throws IOException {
        Map<String, TensorInfo> weights = new TreeMap<>();
        for (var name : WeightNames.canonical(files.path(), source.names()).entrySet()) {
            TensorInfo info = source.info(name.getValue());
            if (info.dtype().isWeight()) weights.put(name.getKey(), info);
        }
        return weights;
    }

    private static SortedMap<String, String> compute(TensorSource source, Map<String, TensorInfo> weights)
            throws IOException {
        Map<String, String> hashes = new ConcurrentHashMap<>();
        try {
            weights.entrySet().parallelStream().forEach(tensor -> {
                try (Arena arena = Arena.ofConfined()) {
                    TensorInfo info = tensor.getValue();
                    hashes.put(tensor.getKey(), hash(info, source.data(info.name(), arena)));
                }
            });
        } catch (InternalError e) {
            // What the JVM throws where a mapped file has become shorter.
            throw new IOException("a file of weights has changed while it was read", e);
        }
        return new TreeMap<>(hashes);
    }

    private static String hash(TensorInfo info, MemorySegment data) {
        MessageDigest hash = Sha256.digest();
        hash.update((info.dtype() + Arrays.toString(info.shape()) + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, data.byteSize())];
        for (long begin = 0; begin < data.byteSize(); begin += buffer.length) {
            int count = (int) Math.min(buffer.length, data.byteSize() - begin);
            MemorySegment.copy(data, begin, MemorySegment.ofArray(buffer), 0, count);
            hash.update(buffer, 0, count);
        }
        return Sha256.hex(hash);
    }
}
