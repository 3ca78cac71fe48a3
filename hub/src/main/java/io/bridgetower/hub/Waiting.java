package io.bridgetower.hub;

import java.io.IOException;
import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
interface Waiting {
    /** Really waits. */
    Waiting REAL = duration -> {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    };

    void pass(Duration duration) throws IOException;
}
