package io.bridgetower.processor.text.bpe;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A hash table from longs to longs ≥ 0, without boxing: open addressing, linear probing, never more than half full. The
 * hash is salted, so no file can choose keys that collide. Not thread-safe while it is filled; reading is.
 */
final class LongTable {
    /** What {@link #get} answers for a key that is not there. */
    static final long NONE = -1;

    private final long salt = ThreadLocalRandom.current().nextLong();
    private long[] keys;
    private long[] values;
    private int size;

    LongTable(int expected) {
        allocate(Integer.highestOneBit(Math.max(expected, 8)) << 2);
    }

    long get(long key) {
        return values[slot(key)];
    }

    /** Maps {@code key} to {@code value}, and gives what it was mapped to before, or {@link #NONE}. */
    long put(long key, long value) {
        if (value < 0) throw new IllegalArgumentException("a negative value: " + value);
        int slot = slot(key);
        long before = values[slot];
        keys[slot] = key;
        values[slot] = value;
        if (before == NONE && ++size > keys.length / 2) grow();
        return before;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) mix(key ^ salt) & mask;
        while (values[slot] != NONE && keys[slot] != key) slot = slot + 1 & mask;
        return slot;
    }

    /** The finalizer of MurmurHash3. */
    private static long mix(long z) {
        z = (z ^ z >>> 33) * 0xFF51AFD7ED558CCDL;
        z = (z ^ z >>> 33) * 0xC4CEB9FE1A85EC53L;
        return z ^ z >>> 33;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        allocate(oldKeys.length * 2);
        for (int i = 0; i < oldKeys.length; i++) if (oldValues[i] != NONE) put(oldKeys[i], oldValues[i]);
    }

    private void allocate(int capacity) {
        keys = new long[capacity];
        values = new long[capacity];
        Arrays.fill(values, NONE);
        size = 0;
    }
}
