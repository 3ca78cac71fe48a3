package io.bridgetower.model;

import static java.lang.System.Logger.Level.WARNING;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Encodings by key, of which the least recently used go when there are too many bytes of them. The cache owns what is in
 * it: users hold {@linkplain Lease leases}, and what is evicted is closed as soon as it has no leases. Bytes
 * beyond the bound are therefore only those in use.
 *
 * <pre>{@code
 * try (EncodingCache.Lease<ImageEncoding> image = cache.get(path, this::encode)) {
 *     model.logits(texts, new ImageEncoding[] {image.value()}, Pairing.all(texts.length, 1));
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Those that ask for the same key at once wait for one computation. A value whose
 * {@code close} throws when it is evicted is logged as a warning of {@link System.Logger}, and fails no request.
 *
 * @param <K> what an encoding is of: a path, a text, a hash of pixels
 * @param <V> the encodings, or anything else that is closed in the end
 */
public final class EncodingCache<K, V extends AutoCloseable> implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(EncodingCache.class.getName());

    private final long maxBytes;
    private final ToLongFunction<? super V> size;

    /** The least recently used first. */
    private final SequencedMap<K, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<K, CompletableFuture<Entry>> computing = new HashMap<>();
    private long bytes;
    private long hits;
    private long misses;
    private long evictions;
    private boolean closed;

    /**
     * A cache of anything.
     *
     * @param maxBytes bound of the bytes of all values that are not in use
     * @param size bytes of a value, always the same for the same one
     * @throws IllegalArgumentException if the bound is negative
     */
    public EncodingCache(long maxBytes, ToLongFunction<? super V> size) {
        if (maxBytes < 0) throw new IllegalArgumentException("bytes: expected 0 or more, found " + maxBytes);
        this.maxBytes = maxBytes;
        this.size = size;
    }

    /** A cache of encodings. */
    public static <K, E extends UnimodalEncoding> EncodingCache<K, E> of(long maxBytes) {
        return new EncodingCache<>(maxBytes, UnimodalEncoding::byteSize);
    }

    /**
     * What a cache holds and how it has served.
     *
     * @param entries number of values
     * @param bytes of these
     * @param hits requests that found a value, or another's computation of it
     * @param misses requests that found none
     * @param evictions values that had to go
     */
    public record Statistics(int entries, long bytes, long hits, long misses, long evictions) {}

    /**
     * The right to use a value until {@link #close}; closing again does nothing.
     *
     * @param <V> type of the value
     */
    public static final class Lease<V> implements AutoCloseable {
        private final V value;
        private Runnable end;

        private Lease(V value, Runnable end) {
            this.value = value;
            this.end = end;
        }

        /** The value, which is not the user's to close. */
        public V value() {
            return value;
        }

        @Override
        public void close() {
            Runnable once;
            synchronized (this) {
                once = end;
                end = null;
            }
            if (once != null) once.run();
        }
    }

    private final class Entry {
        private final V value;
        private final long bytes;
        private int users;
        private boolean evicted;

        Entry(V value) {
            this.value = value;
            this.bytes = size.applyAsLong(value);
        }

        /** Called with the lock of the cache. */
        Lease<V> lease() {
            users++;
            return new Lease<>(value, () -> release(this));
        }
    }

    /**
     * The value of a key, computed if it is not here. While one thread computes, others that ask for the same key wait.
     *
     * @param computation makes the value, which belongs to the cache from then on; must not ask the cache for the same key
     * @throws RuntimeException or Error what the computation throws, to all who wait for it; the next request tries again
     * @throws IllegalStateException if the cache is closed
     */
    public Lease<V> get(K key, Function<? super K, ? extends V> computation) {
        while (true) {
            CompletableFuture<Entry> own = new CompletableFuture<>(), others;
            synchronized (this) {
                checkOpen();
                Entry entry = entries.get(key);
                if (entry != null) {
                    hits++;
                    return entry.lease();
                }
                others = computing.putIfAbsent(key, own);
                if (others == null) misses++;
            }
            if (others == null) return compute(key, computation, own);
            Optional<Lease<V>> lease = await(others);
            if (lease.isPresent()) return lease.get();
        }
    }

    /**
     * The value of a key if it is here.
     *
     * @throws IllegalStateException if the cache is closed
     */
    public synchronized Optional<Lease<V>> getIfPresent(K key) {
        checkOpen();
        Entry entry = entries.get(key);
        if (entry == null) misses++;
        else hits++;
        return Optional.ofNullable(entry).map(Entry::lease);
    }

    /**
     * Adds a value that was computed elsewhere, such as in a batch. Where the key has a value already, that one stays and
     * the new one is closed.
     *
     * @param value belongs to the cache from now on
     * @return the value that stays
     * @throws IllegalStateException if the cache is closed; the value is then still the caller's
     */
    public Lease<V> put(K key, V value) {
        List<V> superfluous = new ArrayList<>();
        Lease<V> lease;
        synchronized (this) {
            checkOpen();
            Entry present = entries.get(key);
            if (present == null) {
                lease = add(key, new Entry(value), superfluous);
            } else {
                lease = present.lease();
                if (present.value != value) superfluous.add(value);
            }
        }
        return closing(superfluous, lease);
    }

    /** What the cache holds and how it has served. */
    public synchronized Statistics statistics() {
        return new Statistics(entries.size(), bytes, hits, misses, evictions);
    }

    /**
     * Closes all values, those in use when their leases end. Later requests throw; closing again does nothing.
     *
     * @throws RuntimeException or Error the first that the closing of a value throws, with the others suppressed
     */
    @Override
    public void close() {
        List<V> unused = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (Entry entry : entries.values()) {
                entry.evicted = true;
                if (entry.users == 0) unused.add(entry.value);
            }
            entries.clear();
            bytes = 0;
        }
        closeAll(unused);
    }

    private Lease<V> compute(K key, Function<? super K, ? extends V> computation, CompletableFuture<Entry> result) {
        List<V> superfluous = new ArrayList<>();
        Lease<V> lease;
        Entry entry;
        try {
            entry = computed(key, computation);
            synchronized (this) {
                computing.remove(key);
                // Another thread may have put a value meanwhile, which stays.
                Entry present = entries.get(key);
                if (present == null) {
                    lease = add(key, entry, superfluous);
                } else {
                    lease = present.lease();
                    superfluous.add(entry.value);
                    entry = present;
                }
            }
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                computing.remove(key);
            }
            result.completeExceptionally(e);
            throw e;
        }
        result.complete(entry);
        return closing(superfluous, lease);
    }

    private Entry computed(K key, Function<? super K, ? extends V> computation) {
        V value = Objects.requireNonNull(computation.apply(key), "the computation returned null");
        try {
            return new Entry(value);
        } catch (RuntimeException | Error e) {
            try {
                value.close();
            } catch (Exception suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Waits for another's computation; empty if its value has been closed before it could be leased. */
    private Optional<Lease<V>> await(CompletableFuture<Entry> others) {
        Entry entry;
        try {
            entry = others.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw e;
            }
        }
        synchronized (this) {
            if (entry.evicted && entry.users == 0) return Optional.empty();
            hits++;
            return Optional.of(entry.lease());
        }
    }

    /** Leases and adds an entry; one that is larger than the whole cache, or comes after its end, is only leased. */
    private Lease<V> add(K key, Entry entry, List<V> superfluous) {
        Lease<V> lease = entry.lease();
        if (closed || entry.bytes > maxBytes) {
            entry.evicted = true;
            return lease;
        }
        entries.put(key, entry);
        bytes += entry.bytes;
        shrink(superfluous);
        return lease;
    }

    /** Removes the least recently used values that are not in use, until the rest fit. */
    private void shrink(List<V> superfluous) {
        for (Iterator<Entry> oldest = entries.values().iterator(); bytes > maxBytes && oldest.hasNext(); ) {
            Entry one = oldest.next();
            if (one.users > 0) continue;
            oldest.remove();
            one.evicted = true;
            bytes -= one.bytes;
            evictions++;
            superfluous.add(one.value);
        }
    }

    private void release(Entry entry) {
        List<V> superfluous = new ArrayList<>();
        boolean last;
        synchronized (this) {
            entry.users--;
            if (entry.users > 0) return;
            last = entry.evicted;
            if (!last) shrink(superfluous);
        }
        if (last) closeAll(List.of(entry.value));
        else closeEvicted(superfluous);
    }

    private void checkOpen() {
        if (closed) throw new IllegalStateException("the cache is closed");
    }

    /** Closes what had to leave the cache, and returns the lease of what stays. */
    private static <V extends AutoCloseable> Lease<V> closing(List<V> superfluous, Lease<V> lease) {
        try {
            closeEvicted(superfluous);
            return lease;
        } catch (Error e) {
            try (lease) {
                throw e;
            }
        }
    }

    /** Closes what had to leave the cache. That it cannot be closed is no failure of the current request, and is logged. */
    private static void closeEvicted(List<? extends AutoCloseable> values) {
        try {
            closeAll(values);
        } catch (RuntimeException e) {
            LOGGER.log(WARNING, "a value that left the cache could not be closed", e);
        }
    }

    /** Closes all, and throws the first exception with the others suppressed. */
    private static void closeAll(List<? extends AutoCloseable> values) {
        Throwable first = null;
        for (AutoCloseable value : values) {
            try {
                value.close();
            } catch (Throwable e) {
                if (first == null) first = e;
                else if (first != e) first.addSuppressed(e);
            }
        }
        switch (first) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a value of the cache could not be closed", first);
        }
    }
}
