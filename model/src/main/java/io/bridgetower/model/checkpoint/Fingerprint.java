package io.bridgetower.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** A hash of tensors that reads a little of each. Training moves all of a tensor, so that any part of it shows. */
final class Fingerprint {
    private static final long SAMPLE_BYTES = 256;

    private final MessageDigest hash;

    Fingerprint() {
        try {
            hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Adds a tensor under a name that need not be the one in its file. */
    void add(String name, TensorInfo info, MemorySegment data) {
        String header = name + " " + info.dtype() + Arrays.toString(info.shape()) + "\n";
        hash.update(header.getBytes(StandardCharsets.UTF_8));
        long size = data.byteSize(), sample = Math.min(SAMPLE_BYTES, size);
        for (long begin : new long[] {0, (size - sample) / 2, size - sample}) {
            hash.update(data.asSlice(begin, sample).asByteBuffer());
        }
    }

    byte[] digest() {
        return hash.digest();
    }
}
