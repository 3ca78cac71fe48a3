package io.bridgetower.search;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.text.Tokenizer;
import io.bridgetower.search.index.Caption;
import io.bridgetower.search.index.EmbeddingIndexWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts captions into an index, in batches; as {@link ImageIndexer}.
 *
 * <p>Safe for use by several threads at once.
 */
public final class CaptionIndexer {
    private final EmbeddingIndexWriter index;
    private final BridgeTowerForContrastiveLearning model;
    private final TextPreparation texts;

    /**
     * @param index of this model; stays the caller's to close
     * @param model stays the caller's to close
     */
    public CaptionIndexer(EmbeddingIndexWriter index, BridgeTowerForContrastiveLearning model, Tokenizer tokenizer) {
        this.index = index;
        this.model = model;
        this.texts = TextPreparation.of(tokenizer, model.trunk().config().textConfig());
    }

    /**
     * Embeds every caption that is new, and commits. What is longer than the model can read is told to {@code progress}.
     *
     * @param captions each once
     * @throws IOException if the index cannot be written
     * @throws IllegalArgumentException if the model computes something else than unit vectors
     */
    public IndexSummary index(List<String> captions, IndexProgress progress) throws IOException {
        Run run = new Run(captions.size(), progress);
        for (String caption : captions) run.take(new Caption(caption));
        run.embed();
        index.commit();
        return new IndexSummary(run.added, run.unchanged, run.skipped);
    }

    /** One run, on one thread. */
    private final class Run {
        private final IndexProgress progress;
        private final long total;
        private final int batch = Batches.size();
        private final List<Caption> captions = new ArrayList<>();
        private final List<int[]> ids = new ArrayList<>();
        private long added;
        private long unchanged;
        private long skipped;

        Run(long total, IndexProgress progress) {
            this.total = total;
            this.progress = progress;
            tell();
        }

        void take(Caption caption) throws IOException {
            if (index.holds(caption)) {
                unchanged++;
                tell();
                return;
            }
            try {
                ids.add(texts.ids(caption.text()));
                captions.add(caption);
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                skipped++;
                progress.skipped(new Skipped(caption.text(), e));
                tell();
            }
            if (captions.size() == batch) embed();
        }

        void embed() throws IOException {
            if (captions.isEmpty()) return;
            try (Arena arena = Arena.ofConfined()) {
                Tensor vectors = model.textEmbeds(arena, TextInputs.of(ids.toArray(int[][]::new)));
                for (int i = 0; i < captions.size(); i++) {
                    index.add(captions.get(i), vectors.slice(i, 1).toArray());
                    added++;
                    tell();
                    if (added % Batches.COMMIT == 0) index.commit();
                }
            }
            captions.clear();
            ids.clear();
        }

        private void tell() {
            progress.at(added + unchanged + skipped, skipped, total);
        }
    }
}
