package io.bridgetower.search;

import java.util.ArrayList;
import java.util.List;

/** What indexing has told. */
final class Progress implements IndexProgress {
    final List<Skipped> skipped = new ArrayList<>();
    final List<List<Long>> steps = new ArrayList<>();

    @Override
    public void at(long done, long left, long total) {
        steps.add(List.of(done, left, total));
    }

    @Override
    public void skipped(Skipped item) {
        skipped.add(item);
    }
}
