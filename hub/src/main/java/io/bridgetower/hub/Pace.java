package io.bridgetower.hub;

import io.bridgetower.hub.HubException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How patiently servers are asked, and which of them have not answered. */
final class Pace {
    static final Pace OF_PROCESS = new Pace(Waiting.REAL, Duration.ofSeconds(2));

    private final Waiting waiting;
    private final Duration brief;
    private final Set<URI> silent = ConcurrentHashMap.newKeySet();

    /**
     * @param waiting passes the time between attempts
     * @param brief how long to wait altogether for what is not needed
     */
    Pace(Waiting waiting, Duration brief) {
        this.waiting = waiting;
        this.brief = brief;
    }

    Retries retries() {
        return Retries.patient(waiting);
    }

    /** The patience for what is not needed. */
    Patience brief() {
        return Patience.shared(brief);
    }

    /** Whether a server has not answered before, so that it need not be asked for what is not needed. */
    boolean isSilent(URI endpoint) {
        return silent.contains(endpoint);
    }

    /** Forgets that a server did not answer, since it has. */
    void forget(URI endpoint) {
        silent.remove(endpoint);
    }

    /** Remembers a server that cannot be reached or did not deliver. */
    void remember(URI endpoint, Kind failure) {
        if (failure == Kind.UNREACHABLE || failure == Kind.FAILED) silent.add(endpoint);
    }
}
