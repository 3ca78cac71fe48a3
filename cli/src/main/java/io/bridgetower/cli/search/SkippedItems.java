package io.bridgetower.cli.search;

import io.bridgetower.cli.terminal.Complaint;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.search.Skipped;
import java.util.function.Consumer;

/** Says what is left out and why, and counts it. */
final class SkippedItems implements Consumer<Skipped> {
    private static final int QUOTED = 60;

    private final Streams streams;
    private long count;

    SkippedItems(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void accept(Skipped item) {
        count++;
        String reason = Complaint.of(item.problem());
        streams.complain(reason.startsWith(item.name()) ? reason : beginning(item.name()) + ": " + reason);
    }

    long count() {
        return count;
    }

    private static String beginning(String name) {
        if (name.codePointCount(0, name.length()) <= QUOTED) return name;
        return name.substring(0, name.offsetByCodePoints(0, QUOTED)) + "…";
    }
}
