package io.bridgetower.search;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.search.index.EmbeddingIndexWriter;
import io.bridgetower.search.index.IndexedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Puts images into an index. They are read, decoded and resized ahead, on their own threads, and embedded in batches
 * on the calling thread and those of the model. Commits now and then: a run that dies is taken up by the next, which skips
 * what is there unchanged.
 *
 * <p>Safe for use by several threads at once.
 */
public final class ImageIndexer {
    private final EmbeddingIndexWriter index;
    private final BridgeTowerForContrastiveLearning model;
    private final PixelReader reader;

    /** An indexer for images that are read with {@link ImageOptions#DEFAULT}. */
    public ImageIndexer(EmbeddingIndexWriter index, BridgeTowerForContrastiveLearning model, ImageProcessor processor) {
        this(index, model, processor, ImageOptions.DEFAULT);
    }

    /**
     * @param index of this model and these options; stays the caller's to close
     * @param model stays the caller's to close
     * @throws IllegalArgumentException if the model cannot take images of the options' size
     */
    public ImageIndexer(
            EmbeddingIndexWriter index,
            BridgeTowerForContrastiveLearning model,
            ImageProcessor processor,
            ImageOptions options) {
        this.index = index;
        this.model = model;
        this.reader = Pixels.reader(model.trunk().config().visionConfig(), processor, options);
    }

    /**
     * Embeds every image that is new or has changed, and commits. What cannot be read is told to {@code progress}, and is
     * not in the index any more.
     *
     * @param files each once
     * @throws IOException if the index cannot be written
     * @throws IllegalArgumentException if the model computes something else than unit vectors
     */
    public IndexSummary index(List<Path> files, IndexProgress progress) throws IOException {
        try (Run run = new Run(files, progress)) {
            return run.run();
        }
    }

    /** One run, on one thread. */
    private final class Run implements AutoCloseable {
        private final Iterator<Path> files;
        private final IndexProgress progress;
        private final long total;
        private final int batch = Batches.size();
        private final ImageLoader decoder;
        private final Deque<IndexedImage> begun = new ArrayDeque<>();
        private final List<IndexedImage> images = new ArrayList<>();
        private final List<Integer> slots = new ArrayList<>();
        private long added;
        private long unchanged;
        private long skipped;

        Run(List<Path> files, IndexProgress progress) {
            this.files = files.iterator();
            this.progress = progress;
            this.total = files.size();
            int most = Math.clamp(total, 1, batch);
            decoder = new ImageLoader(reader, 2 * most, most);
        }

        IndexSummary run() throws IOException {
            tell();
            begin();
            while (!begun.isEmpty()) {
                take(begun.remove());
                if (images.size() == batch || begun.isEmpty()) embed();
                begin();
            }
            index.commit();
            return new IndexSummary(added, unchanged, skipped);
        }

        /** Lets images be decoded while there is room for them. */
        private void begin() throws IOException {
            while (decoder.hasRoom() && files.hasNext()) {
                Path file = files.next();
                IndexedImage image;
                try {
                    image = IndexedImage.of(file);
                } catch (IOException e) {
                    skip(file, e);
                    continue;
                }
                if (index.holds(image)) {
                    unchanged++;
                    tell();
                } else {
                    decoder.begin(image.path());
                    begun.add(image);
                }
            }
        }

        private void take(IndexedImage image) throws IOException {
            ImageLoader.Decoded decoded = decoder.take();
            if (decoded.problem() == null) {
                images.add(image);
                slots.add(decoded.slot());
            } else {
                index.remove(image);
                skip(image.path(), decoded.problem());
            }
        }

        private void embed() throws IOException {
            if (images.isEmpty()) return;
            try (Arena arena = Arena.ofConfined()) {
                Tensor vectors = model.imageEmbeds(arena, Pixels.inputs(decoder.gather(slots)));
                for (int i = 0; i < images.size(); i++) {
                    index.add(images.get(i), vectors.slice(i, 1).toArray());
                    added++;
                    tell();
                    if (added % Batches.COMMIT == 0) index.commit();
                }
            }
            images.clear();
            slots.clear();
        }

        private void skip(Path file, Throwable problem) {
            skipped++;
            progress.skipped(new Skipped(file.toString(), problem));
            tell();
        }

        private void tell() {
            progress.at(added + unchanged + skipped, skipped, total);
        }

        @Override
        public void close() {
            decoder.close();
        }
    }
}
