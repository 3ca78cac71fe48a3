package io.bridgetower.cli.progress;

import io.bridgetower.search.IndexProgress;
import io.bridgetower.search.Skipped;
import java.util.function.Consumer;

/** Shows how far indexing has come, and says what is left out and why. */
public final class IndexBar implements IndexProgress {
    private final BatchBar bar;
    private final Consumer<Skipped> skipped;

    public IndexBar(BatchBar bar, Consumer<Skipped> skipped) {
        this.bar = bar;
        this.skipped = skipped;
    }

    @Override
    public void at(long done, long left, long total) {
        bar.at(done, left, total);
    }

    @Override
    public void skipped(Skipped item) {
        bar.clear();
        skipped.accept(item);
    }
}
