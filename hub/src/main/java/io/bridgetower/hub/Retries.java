package io.bridgetower.hub;

import java.io.IOException;
import java.time.Duration;

/** Tries again what may work the next time, a few times, waiting longer each time or as long as the server asks. */
final class Retries {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final Waiting waiting;
    private final int maxAttempts;

    private Retries(Waiting waiting, int maxAttempts) {
        this.waiting = waiting;
        this.maxAttempts = maxAttempts;
    }

    /** Several attempts. */
    static Retries patient(Waiting waiting) {
        return new Retries(waiting, ATTEMPTS);
    }

    /** One attempt. */
    static Retries none() {
        return new Retries(_ -> {}, 1);
    }

    /** One attempt. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** An attempt failed in a way that another may not. */
    static final class TryAgainException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Duration wait;

        /** @param wait as long as the server asks for, or null */
        TryAgainException(String message, Duration wait, Throwable cause) {
            super(message, cause);
            this.wait = wait;
        }
    }

    /**
     * The result of the first attempt that has one.
     *
     * @param what is attempted, for the message
     * @throws HubException if all attempts failed, or the server asks for more time than anybody has
     */
    <T> T run(String what, Attempt<T> attempt) throws IOException {
        Duration wait = FIRST_WAIT;
        for (int attempts = 1; ; attempts++) {
            try {
                return attempt.run();
            } catch (TryAgainException e) {
                Duration asked = e.wait == null ? wait : e.wait;
                boolean tooLong = asked.compareTo(LONGEST_WAIT) > 0;
                if (attempts == maxAttempts || tooLong) {
                    String end = tooLong
                            ? "; the server asks to come back in " + asked.toSeconds() + " s"
                            : attempts == 1 ? "" : ", in " + attempts + " attempts";
                    throw new HubException(HubException.Kind.FAILED, what + ": " + e.getMessage() + end, e);
                }
                waiting.pass(asked);
                wait = wait.multipliedBy(2);
            }
        }
    }
}
