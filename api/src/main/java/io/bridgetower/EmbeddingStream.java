package io.bridgetower;

import io.bridgetower.inputs.PixelSlots;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.processor.image.ImageReaders;
import io.bridgetower.processor.image.PixelReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Embeds images as a stream is consumed: a window of items moves over the input; those that enter it begin to be read and
 * prepared on other threads, a batch at its head is embedded by the consuming thread.
 */
final class EmbeddingStream<T> extends Spliterators.AbstractSpliterator<Embedded<T>> implements AutoCloseable {
    private static final int BATCH = 16;
    private static final int WINDOW = 2 * BATCH;

    private record Pending<T>(T item, int slot, Future<?> preparation) {}

    private final BridgeTowerForContrastiveLearning model;
    private final Iterator<? extends T> items;
    private final ImageReader<? super T> reader;
    private final PixelReader pixelReader;
    private final ImageReaders readers = new ImageReaders();
    private final Deque<Pending<T>> window = new ArrayDeque<>();
    private final Deque<Embedded<T>> done = new ArrayDeque<>();

    /** Made when the first item is asked for, because a stream that is never consumed need not be closed. */
    private PixelSlots slots;

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
        // The threads write into the slots.
        readers.close();
        if (slots != null) slots.close();
    }

    private void embed() {
        if (slots == null) slots = new PixelSlots(pixelReader, WINDOW, BATCH);
        fill();
        List<Pending<T>> batch = new ArrayList<>();
        while (batch.size() < BATCH && !window.isEmpty()) batch.add(window.remove());
        List<Throwable> errors = new ArrayList<>();
        for (Pending<T> pending : batch) errors.add(ImageReaders.failure(pending.preparation()));
        add(batch, errors);
        for (Pending<T> pending : batch) slots.giveBack(pending.slot());
        fill();
    }

    /** Lets items enter the window while it has room. */
    private void fill() {
        while (slots.hasFree() && items.hasNext()) {
            T item = items.next();
            int slot = slots.take();
            window.add(new Pending<>(item, slot, readers.submit(() -> {
                slots.prepare(reader.read(item).pixels(), slot);
            })));
        }
    }

    /** Embeds a batch; every item of it is done then. */
    private void add(List<Pending<T>> batch, List<Throwable> errors) {
        List<Integer> sound = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (errors.get(i) == null) sound.add(batch.get(i).slot());
        }
        Iterator<float[]> next = vectors(sound).iterator();
        for (int i = 0; i < batch.size(); i++) {
            Throwable error = errors.get(i);
            done.add(new Embedded<>(batch.get(i).item(), error == null ? next.next() : null, error));
        }
    }

    private List<float[]> vectors(List<Integer> chosen) {
        if (chosen.isEmpty()) return List.of();
        ImageInputs images = Pixels.inputs(slots.gather(chosen));
        return BridgeTower.vectors(arena -> model.imageEmbeds(arena, images));
    }
}
