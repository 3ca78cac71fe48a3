package io.bridgetower.hub;

import io.bridgetower.hub.HubException.Kind;
import java.time.Duration;

/** How long a server may be silent. For one thread. */
final class Patience {
    private final Duration bytes;
    private final boolean shared;

    /** What is left, where all answers share it. */
    private Duration answers;

    private Patience(Duration answers, Duration bytes, boolean shared) {
        this.answers = answers;
        this.bytes = bytes;
        this.shared = shared;
    }

    /** As the settings say, for each answer and each piece of a download. */
    static Patience of(HubSettings settings) {
        return new Patience(settings.etagTimeout(), settings.downloadTimeout(), false);
    }

    /** So long for all answers together, and for each piece of a download. */
    static Patience shared(Duration all) {
        return new Patience(all, all, true);
    }

    /**
     * How long to wait for the next answer.
     *
     * @throws HubException if no time is left
     */
    Duration forAnswer() throws HubException {
        if (answers.isPositive()) return answers;
        throw new HubException(Kind.FAILED, "the server answers too slowly");
    }

    /** How long to wait for the next bytes of a download. */
    Duration forBytes() {
        return bytes;
    }

    /** Tells how long an answer took. */
    void waited(Duration time) {
        if (shared) answers = answers.minus(time);
    }
}
