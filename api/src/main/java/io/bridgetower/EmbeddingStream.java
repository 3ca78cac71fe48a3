package io.bridgetower;

import io.bridgetower.inputs.PixelBatches;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.processor.image.PixelReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Embeds images as a stream is consumed, in batches that are read and prepared ahead. */
final class EmbeddingStream<T> extends Spliterators.AbstractSpliterator<Embedded<T>> implements AutoCloseable {
    private final BridgeTowerForContrastiveLearning model;
    private final Iterator<? extends T> items;
    private final ImageReader<? super T> reader;
    private final PixelReader pixelReader;
    private final Deque<Embedded<T>> done = new ArrayDeque<>();

    /** Made when the first item is asked for, because a stream that is never consumed need not be closed. */
    private PixelBatches<T> batches;

    private boolean closed;

    private EmbeddingStream(
            BridgeTowerForContrastiveLearning model,
            PixelReader pixelReader,
            Iterator<? extends T> items,
            ImageReader<? super T> reader) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.model = model;
        this.items = items;
        this.reader = reader;
        this.pixelReader = pixelReader;
    }

    static <T> Stream<Embedded<T>> of(
            BridgeTowerForContrastiveLearning model,
            PixelReader pixelReader,
            Iterator<? extends T> items,
            ImageReader<? super T> reader) {
        EmbeddingStream<T> stream = new EmbeddingStream<>(model, pixelReader, items, reader);
        return StreamSupport.stream(stream, false).onClose(stream::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Embedded<T>> action) {
        if (done.isEmpty() && !closed) embed();
        if (done.isEmpty()) {
            close();
            return false;
        }
        action.accept(done.remove());
        return true;
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        if (batches != null) batches.close();
    }

    /** Embeds a batch; every item of it is done then. */
    private void embed() {
        if (batches == null) {
            batches = new PixelBatches<>(
                    pixelReader,
                    items,
                    Integer.MAX_VALUE,
                    item -> reader.read(item).pixels());
        }
        PixelBatches.Batch<T> batch = batches.next();
        if (batch == null) return;
        Iterator<float[]> next = vectors(batch).iterator();
        for (int i = 0; i < batch.items().size(); i++) {
            Throwable error = batch.errors().get(i);
            done.add(new Embedded<>(batch.items().get(i), error == null ? next.next() : null, error));
        }
    }

    private List<float[]> vectors(PixelBatches.Batch<T> batch) {
        if (batch.pixels() == null) return List.of();
        ImageInputs images = Pixels.inputs(batch.pixels());
        return Embeddings.vectors(arena -> model.imageEmbeds(arena, images));
    }
}
