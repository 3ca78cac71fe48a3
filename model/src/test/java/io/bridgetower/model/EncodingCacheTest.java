package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EncodingCacheTest {
    /** Something of a size that knows whether it is closed, and does not like to be used then or closed twice. */
    private static final class Value implements AutoCloseable {
        private final long bytes;
        private final Throwable failure;
        private final AtomicInteger closings = new AtomicInteger();

        Value(long bytes) {
            this(bytes, null);
        }

        /** @param failure what closing throws; null for nothing */
        Value(long bytes, Throwable failure) {
            this.bytes = bytes;
            this.failure = failure;
        }

        long bytes() {
            return bytes;
        }

        boolean isClosed() {
            return closings.get() > 0;
        }

        @Override
        public void close() {
            assertEquals(1, closings.incrementAndGet());
            if (failure instanceof RuntimeException e) throw e;
            if (failure instanceof Error e) throw e;
        }
    }

    private final EncodingCache<String, Value> cache = new EncodingCache<>(100, Value::bytes);

    @Test
    void theLeastRecentlyUsedGoes() {
        Value a = keep("a", 40), b = keep("b", 40);
        assertSame(a, keep("a", 40));
        Value c = keep("c", 40);
        assertTrue(b.isClosed());
        assertFalse(a.isClosed() || c.isClosed());
        assertEquals(new EncodingCache.Statistics(2, 80, 1, 3, 1), cache.statistics());
        assertNotSame(b, keep("b", 40));
    }

    @Test
    void whatIsInUseStaysOpenEvenBeyondTheBound() {
        try (var a = cache.get("a", _ -> new Value(60))) {
            Value b = keep("b", 60);
            assertFalse(a.value().isClosed());
            assertTrue(b.isClosed(), "the one that nobody uses goes when its lease ends");
            assertEquals(60, cache.statistics().bytes());
            cache.close();
            assertFalse(a.value().isClosed());
        }
        assertThrows(IllegalStateException.class, () -> cache.getIfPresent("a"));
    }

    @Test
    void aLeaseEndsOnce() {
        var first = cache.get("a", _ -> new Value(60));
        var second = cache.getIfPresent("a").orElseThrow();
        first.close();
        first.close();
        cache.close();
        assertFalse(second.value().isClosed());
        second.close();
        assertTrue(second.value().isClosed());
    }

    @Test
    void whatIsLargerThanTheCacheDrivesNothingOut() {
        Value small = keep("small", 50), large = keep("large", 101);
        assertTrue(large.isClosed());
        assertFalse(small.isClosed());
        assertTrue(cache.getIfPresent("large").isEmpty());
    }

    @Test
    void theFirstOfTwoValuesStays() {
        Value first = new Value(10), second = new Value(10);
        cache.put("a", first).close();
        try (var lease = cache.put("a", second)) {
            assertSame(first, lease.value());
        }
        assertTrue(second.isClosed());
        assertEquals(10, cache.statistics().bytes());
    }

    @Test
    void aValueThatIsPutDuringAComputationStays() {
        Value put = new Value(40), computed = new Value(40);
        try (var lease = cache.get("a", key -> {
            cache.put(key, put).close();
            return computed;
        })) {
            assertSame(put, lease.value());
        }
        assertTrue(computed.isClosed());
        assertEquals(40, cache.statistics().bytes());
        cache.close();
        assertTrue(put.isClosed());
    }

    @Test
    void aFailureIsToldToAllAndTheNextRequestTriesAgain() {
        IllegalArgumentException reason = new IllegalArgumentException("broken image");
        var thrown = assertThrows(
                IllegalArgumentException.class,
                () -> cache.get("a", _ -> {
                    throw reason;
                }));
        assertSame(reason, thrown);
        assertFalse(keep("a", 10).isClosed());
    }

    @Test
    void threadsThatAskAtOnceWaitForOneComputation() throws Exception {
        int threads = 8;
        CountDownLatch asking = new CountDownLatch(threads);
        AtomicInteger computations = new AtomicInteger();
        Callable<Value> request = () -> {
            asking.countDown();
            asking.await();
            try (var lease = cache.get("a", _ -> {
                computations.incrementAndGet();
                return new Value(10);
            })) {
                return lease.value();
            }
        };
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Value>> values = new ArrayList<>();
            for (int i = 0; i < threads; i++) values.add(pool.submit(request));
            for (Future<Value> value : values) assertSame(values.getFirst().get(), value.get());
        }
        assertEquals(1, computations.get());
        assertEquals(threads - 1, cache.statistics().hits());
    }

    @Test
    void nobodySeesAClosedValueWhateverTheThreadsDo() throws Exception {
        Callable<Void> user = () -> {
            Random random = new Random(Thread.currentThread().threadId());
            for (int i = 0; i < 20_000; i++) {
                try (var lease = cache.get("key " + random.nextInt(12), _ -> new Value(10 + random.nextInt(30)))) {
                    assertFalse(lease.value().isClosed());
                }
                assertTrue(cache.statistics().bytes() <= 100 + 4 * 40);
            }
            return null;
        };
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (Future<Void> end : pool.invokeAll(List.of(user, user, user, user))) end.get();
        }
        assertTrue(cache.statistics().bytes() <= 100);
    }

    @Test
    void anEvictionThatFailsIsNoFailureOfTheNextValue() {
        Value broken = new Value(60, new IllegalStateException("cannot be closed")), sound = new Value(30);
        cache.put("broken", broken).close();
        cache.put("sound", sound).close();
        try (var lease = cache.get("next", _ -> new Value(90))) {
            assertTrue(broken.isClosed() && sound.isClosed());
            assertFalse(lease.value().isClosed());
            cache.put("next", new Value(10, new IllegalStateException("cannot be closed")))
                    .close();
        }
        Value next = keep("next", 0), last = keep("last", 100);
        assertTrue(next.isClosed(), "nobody has a lease");
        assertFalse(last.isClosed());
    }

    @Test
    void anErrorOfAnEvictionEndsTheNewLease() {
        Error error = new AssertionError("cannot be closed");
        cache.put("broken", new Value(60, error)).close();
        Value next = new Value(90);
        assertSame(error, assertThrows(AssertionError.class, () -> cache.get("next", _ -> next)));
        keep("last", 100);
        assertTrue(next.isClosed(), "nobody has a lease");
    }

    @Test
    void closingClosesAllAndThrowsTheFirstFailure() {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            values.add(new Value(10, i % 2 == 0 ? null : new IllegalStateException("value " + i)));
            cache.put("key " + i, values.getLast()).close();
        }
        var e = assertThrows(IllegalStateException.class, cache::close);
        assertEquals("value 1", e.getMessage());
        assertEquals("value 3", e.getSuppressed()[0].getMessage());
        assertTrue(values.stream().allMatch(Value::isClosed));
        assertEquals(0, cache.statistics().bytes());
    }

    @Test
    void aValueThatHasNoSizeIsClosed() {
        Value value = new Value(1);
        var sizeless = new EncodingCache<String, Value>(100, _ -> {
            throw new IllegalStateException("no size");
        });
        assertThrows(IllegalStateException.class, () -> sizeless.get("a", _ -> value));
        assertTrue(value.isClosed());
    }

    private Value keep(String key, long bytes) {
        try (var lease = cache.get(key, _ -> new Value(bytes))) {
            return lease.value();
        }
    }
}
