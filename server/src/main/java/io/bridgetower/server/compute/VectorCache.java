package io.bridgetower.server.compute;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The vectors that were asked for last. Safe for use by several threads. */
final class VectorCache {
    /** Bytes of a vector in addition to its elements. */
    private static final int OVERHEAD = 200;

    private final long maxBytes;
    private final Map<Object, float[]> vectors = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    VectorCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized Optional<float[]> get(Object key) {
        return Optional.ofNullable(vectors.get(key));
    }

    synchronized void put(Object key, float[] vector) {
        if (vectors.put(key, vector) == null) bytes += size(vector);
        var oldest = vectors.values().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            bytes -= size(oldest.next());
            oldest.remove();
        }
    }

    private static long size(float[] vector) {
        return (long) vector.length * Float.BYTES + OVERHEAD;
    }
}
