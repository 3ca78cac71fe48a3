package io.bridgetower.server.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.server.metrics.ServerMetrics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** What a request has waited for a busy processor counts as what it will wait for others. */
    @Test
    void aRequestThatHasWaitedLongIsRefused() {
        try (Scheduler scheduler = new Scheduler(5, new ServerMetrics())) {
            long now = System.nanoTime();
            scheduler.admit(null, 0.1, now, TIMEOUT).close();
            long before = now - TimeUnit.SECONDS.toNanos(8);
            OverloadedException full =
                    assertThrows(OverloadedException.class, () -> scheduler.admit(null, 0.1, before, TIMEOUT));
            assertEquals(6, full.retryAfter());
        }
    }

    @Test
    void thereIsRoomUntilShortRequestsWouldWaitTooLong() {
        try (Scheduler scheduler = new Scheduler(0.9, new ServerMetrics())) {
            scheduler.checkRoom();
            scheduler.admit(null, 0.8, System.nanoTime(), TIMEOUT);
            // A short request waits for a batch of half a second, not for all of a list.
            scheduler.checkRoom();
            Work second = scheduler.admit(null, 0.8, System.nanoTime(), TIMEOUT);
            assertThrows(OverloadedException.class, scheduler::checkRoom);
            second.close();
            scheduler.checkRoom();
        }
    }
}
