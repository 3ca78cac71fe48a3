package io.bridgetower.model.checkpoint;

import io.bridgetower.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

/**
 * What tells weights from others: a hash of the name, type, shape and all bytes of every tensor among them. It does not
 * depend on the kind of files that they lie in. It is computed when it is first asked for, which takes about a second for
 * each gigabyte, and kept: in memory, and for large files on the disk, in a file next to them,
 * {@code .model.safetensors.hashes}, or else in the user's cache directory. The checkpoint may be closed by then. Safe to share between threads.
 */
public final class WeightsIdentity {
    private final TensorDigests digests;
    private final String prefix;
    private final List<String> parts;

    /**
     * @param prefix of the tensors, not part of their names here
     * @param parts what the names after the prefix begin with
     */
    WeightsIdentity(TensorDigests digests, String prefix, List<String> parts) {
        this.digests = digests;
        this.prefix = prefix;
        this.parts = parts;
    }

    /**
     * The hash, in hexadecimal.
     *
     * @throws java.nio.file.FileSystemException if a file has changed since the checkpoint was opened
     * @throws IOException if a file cannot be read
     */
    public String sha256() throws IOException {
        MessageDigest hash = Sha256.digest();
        for (Map.Entry<String, String> tensor : digests.get().tailMap(prefix).entrySet()) {
            if (!tensor.getKey().startsWith(prefix)) break;
            String name = tensor.getKey().substring(prefix.length());
            if (parts.stream().noneMatch(name::startsWith)) continue;
            hash.update((tensor.getValue() + " " + name + "\0").getBytes(StandardCharsets.UTF_8));
        }
        return Sha256.hex(hash);
    }

    /**
     * Whether these are the same weights by what the file system says about their files; reads none of them. Certain where
     * it keeps the time of the last change, which no program can set back; elsewhere as certain as size and time. False does not mean that the weights differ.
     */
    public boolean isOfSameFiles(WeightsIdentity other) {
        return prefix.equals(other.prefix) && parts.equals(other.parts) && digests.isOfSameFiles(other.digests);
    }
}
