package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ImageReadersTest {
    @Test
    void whatAReadingThrowsIsItsOwnResult() {
        List<Throwable> thrown = List.of(
                new IOException("no image"),
                new IllegalArgumentException("too wide"),
                new OutOfMemoryError("Java heap space"),
                new StackOverflowError(),
                new ExceptionInInitializerError("codec"),
                new NoClassDefFoundError("codec"),
                new AssertionError("never"));
        try (ImageReaders readers = new ImageReaders()) {
            List<Future<?>> readings = new ArrayList<>();
            for (Throwable each : thrown) {
                readings.add(readers.submit(() -> sneak(each)));
                readings.add(readers.submit(() -> {}));
            }
            for (int i = 0; i < thrown.size(); i++) {
                assertSame(thrown.get(i), ImageReaders.failure(readings.get(2 * i)));
                assertNull(ImageReaders.failure(readings.get(2 * i + 1)));
            }
        }
    }

    @Test
    void anErrorOfTheVirtualMachineIsNotThatOfAnImage() {
        InternalError broken = new InternalError("a fault occurred");
        try (ImageReaders readers = new ImageReaders()) {
            Future<?> reading = readers.submit(() -> sneak(broken));
            assertSame(broken, assertThrows(InternalError.class, () -> ImageReaders.failure(reading)));
        }
    }

    @Test
    void aReadingThatFindsTheMemoryTakenIsRepeatedAlone() {
        AtomicInteger running = new AtomicInteger();
        List<Integer> others = new ArrayList<>();
        try (ImageReaders readers = new ImageReaders()) {
            List<Future<?>> readings = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                AtomicBoolean repeated = new AtomicBoolean();
                int number = i;
                boolean large = i % 10 == 5;
                readings.add(readers.submit(() -> {
                    running.incrementAndGet();
                    try {
                        Thread.yield();
                        if (!large) return;
                        if (!repeated.getAndSet(true)) {
                            OutOfMemoryError taken = new OutOfMemoryError("Java heap space");
                            // As decoders report it.
                            if (number % 20 == 5) throw new IOException("not enough memory", taken);
                            throw taken;
                        }
                        others.add(running.get());
                    } finally {
                        running.decrementAndGet();
                    }
                }));
            }
            for (Future<?> reading : readings) assertNull(ImageReaders.failure(reading));
        }
        assertEquals(List.of(1, 1, 1, 1), others);
    }

    @Test
    void aCallerThatIsInterruptedDoesNotWait() {
        try (ImageReaders readers = new ImageReaders()) {
            Future<?> reading = readers.submit(new CountDownLatch(1)::await);
            Thread.currentThread().interrupt();
            assertThrows(IllegalStateException.class, () -> ImageReaders.failure(reading));
            assertTrue(Thread.interrupted());
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
