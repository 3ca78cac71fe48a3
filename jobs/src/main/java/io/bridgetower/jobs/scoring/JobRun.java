package io.bridgetower.jobs.scoring;

import io.bridgetower.inputs.PixelSlots;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.inputs.TextTooLongException;
import io.bridgetower.jobs.rows.ImageReference;
import io.bridgetower.jobs.rows.ImageSource;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.PairResults;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.model.EncodingCache;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.processor.image.ImageReaders;
import io.bridgetower.processor.image.PixelReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;

/**
 * One run of a job: a window of rows that moves over the input. Images of rows that enter it begin to be decoded; rows
 * at its head are computed together, when a result is asked for, and leave it. The calling thread computes, and is the only
 * one that touches this.
 *
 * @param <K> type of the ids
 * @param <T> what a text is encoded as
 * @param <I> what an image is encoded as
 */
public final class JobRun<K, T extends AutoCloseable, I extends AutoCloseable> implements PairResults<K> {
    /** Pairs that are computed together at the most. */
    private static final int GROUP = 64;

    /** Pairs in the first group: few, so that the first results come soon with a large model or on a slow machine. */
    private static final int FIRST_GROUP = 8;

    /** Groups grow until they take so long. Results come and are saved group by group. */
    private static final long GROUP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Rows of the window at the most. */
    private static final int WINDOW = 8 * GROUP;

    private static final int[] NO_IDS = {};

    private final Iterator<PairRow<K>> rows;
    private final Head<T, I> head;
    private final TextPreparation preparation;
    private final ImageSource source;
    private final JobMemory memory;
    private final PixelSlots slots;
    private final EncodingCache<String, T> texts;
    private final EncodingCache<String, I> images;
    private final ImageReaders readers = new ImageReaders();
    private final Deque<WindowRow<K, I>> window = new ArrayDeque<>();
    private final SequencedMap<String, JobImage<I>> jobImages = new LinkedHashMap<>();
    private final Deque<PairResult<K>> computed = new ArrayDeque<>();
    private PairRow<K> waiting;
    private int group = FIRST_GROUP;
    private long encodedImages;
    private boolean closed;

    public JobRun(
            Iterator<PairRow<K>> rows,
            Head<T, I> head,
            TextPreparation preparation,
            PixelReader reader,
            long maxBytes,
            ImageSource source) {
        this.rows = rows;
        this.head = head;
        this.preparation = preparation;
        this.source = source;
        memory = new JobMemory(head, reader, maxBytes);
        slots = new PixelSlots(reader, memory.slots(), memory.batch());
        texts = new EncodingCache<>(memory.textCacheBytes(), head::byteSizeOfText);
        images = new EncodingCache<>(memory.imageCacheBytes(), head::byteSizeOfImage);
    }

    @Override
    public boolean hasNext() {
        if (computed.isEmpty() && !closed) compute();
        return !computed.isEmpty();
    }

    @Override
    public PairResult<K> next() {
        if (!hasNext()) throw new NoSuchElementException();
        return computed.remove();
    }

    /** Whether the results of all rows that were computed together have been taken. */
    public boolean isGroupTaken() {
        return computed.isEmpty();
    }

    @Override
    public long encodedImages() {
        return encodedImages;
    }

    /** Ends the threads, which write into the memory, and frees it. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        computed.clear();
        window.clear();
        readers.close();
        jobImages.values().forEach(JobImage::release);
        images.close();
        texts.close();
        slots.close();
    }

    /** Computes the next group, if there is one. */
    private void compute() {
        long start = System.nanoTime();
        fill();
        if (window.isEmpty()) return;
        computed.addAll(computeGroup());
        if (System.nanoTime() - start < GROUP_NANOS) group = Math.min(2 * group, GROUP);
    }

    /** Lets rows into the window while there is room for them and their images. */
    private void fill() {
        while (window.size() < WINDOW && (waiting != null || rows.hasNext())) {
            PairRow<K> row = waiting != null ? waiting : rows.next();
            waiting = null;
            if (!enter(row)) {
                waiting = row;
                return;
            }
        }
    }

    /** Lets a row in; false if there is no room for its image. */
    private boolean enter(PairRow<K> row) {
        String problem = problem(row);
        int[] ids = NO_IDS;
        if (problem == null && head.readsTexts()) {
            try {
                ids = preparation.ids(row.text());
                problem = head.problem(ids);
            } catch (TextTooLongException e) {
                problem = e.getMessage();
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                problem = Reason.of("the text", e);
            }
        }
        if (problem != null) {
            window.add(new WindowRow<>(row.id(), null, null, null, problem));
            return true;
        }
        JobImage<I> jobImage = null;
        if (head.readsImages()) {
            jobImage = jobImage(row.image());
            if (jobImage == null) return false;
            jobImage.addRow();
        }
        window.add(new WindowRow<>(row.id(), head.readsTexts() ? row.text() : "", ids, jobImage, null));
        return true;
    }

    private String problem(PairRow<?> row) {
        if (row.problem() != null) return row.problem();
        if (head.readsImages() && (row.image() == null || row.image().isEmpty())) return "no image";
        return head.readsTexts() && row.text() == null ? "no text" : null;
    }

    /** The image of a row, which begins to be decoded if it is new; null if there is no room for another. */
    private JobImage<I> jobImage(String image) {
        String name = ImageName.of(image);
        JobImage<I> jobImage = jobImages.get(name);
        if (jobImage != null) return jobImage;
        if (jobImages.size() == memory.images() || !slots.hasFree()) return null;
        jobImage = images.getIfPresent(name)
                .map(lease -> JobImage.encoded(name, lease))
                .orElseGet(() -> decode(name, image));
        jobImages.put(name, jobImage);
        return jobImage;
    }

    private JobImage<I> decode(String name, String image) {
        int slot = slots.take();
        return JobImage.decoding(name, ImageReference.label(image), slot, readers.submit(() -> {
            slots.prepare(source.read(image), slot);
        }));
    }

    /** Computes rows at the head of the window and takes them out. */
    private List<PairResult<K>> computeGroup() {
        List<WindowRow<K, I>> rows = window.stream().limit(group).toList();
        encodeImages(rows);
        List<WindowRow<K, I>> sound =
                rows.stream().filter(row -> row.anyProblem() == null).toList();
        Iterator<Outcome> outcomes = pairs(sound).iterator();
        List<PairResult<K>> results = new ArrayList<>(rows.size());
        for (WindowRow<K, I> row : rows) {
            String problem = row.anyProblem();
            results.add(new PairResult<>(row.id(), problem == null ? outcomes.next() : new Outcome.Failed(problem)));
            window.remove();
            if (row.image() != null && row.image().removeRow()) {
                jobImages.remove(row.image().name()).release();
            }
        }
        return results;
    }

    /** Encodes the images of a group, and with them, to fill up a batch, those that are decoded already. */
    private void encodeImages(List<WindowRow<K, I>> rows) {
        SequencedSet<JobImage<I>> needed = new LinkedHashSet<>();
        for (WindowRow<K, I> row : rows) {
            JobImage<I> jobImage = row.image();
            if (jobImage == null || !jobImage.needsEncoding() || needed.contains(jobImage)) continue;
            if (jobImage.awaitPixels()) needed.add(jobImage);
            else slots.giveBack(jobImage.slot());
        }
        if (needed.isEmpty()) return;
        for (JobImage<I> jobImage : jobImages.values()) {
            if (needed.size() % memory.batch() == 0) break;
            if (jobImage.isDecoded()) needed.add(jobImage);
        }
        List<JobImage<I>> all = List.copyOf(needed);
        for (int first = 0; first < all.size(); first += memory.batch()) {
            encode(all.subList(first, Math.min(first + memory.batch(), all.size())));
        }
    }

    private void encode(List<JobImage<I>> batch) {
        List<I> encodings = head.encodeImages(
                slots.gather(batch.stream().map(JobImage::slot).toList()));
        encodedImages += batch.size();
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).encoded(images.put(batch.get(i).name(), encodings.get(i)));
            slots.giveBack(batch.get(i).slot());
        }
    }

    private List<Outcome> pairs(List<WindowRow<K, I>> rows) {
        if (rows.isEmpty()) return List.of();
        SequencedMap<String, int[]> distinctTexts = new LinkedHashMap<>();
        SequencedSet<JobImage<I>> distinctImages = new LinkedHashSet<>();
        for (WindowRow<K, I> row : rows) {
            distinctTexts.putIfAbsent(row.text(), row.ids());
            if (row.image() != null) distinctImages.add(row.image());
        }
        Map<String, Integer> textIndex = indices(distinctTexts.keySet());
        Map<JobImage<I>, Integer> imageIndex = indices(distinctImages);
        Pairing pairing = new Pairing(
                rows.stream().mapToInt(row -> textIndex.get(row.text())).toArray(),
                rows.stream()
                        .mapToInt(row -> row.image() == null ? 0 : imageIndex.get(row.image()))
                        .toArray());
        List<EncodingCache.Lease<T>> leases = head.readsTexts() ? encodeTexts(distinctTexts) : List.of();
        try {
            return head.pairs(
                    leases.stream().map(EncodingCache.Lease::value).toList(),
                    distinctImages.stream().map(JobImage::encoding).toList(),
                    pairing,
                    distinctTexts.values().toArray(int[][]::new));
        } finally {
            leases.forEach(EncodingCache.Lease::close);
        }
    }

    /** Leases in the order of the texts. */
    private List<EncodingCache.Lease<T>> encodeTexts(SequencedMap<String, int[]> distinct) {
        Map<String, EncodingCache.Lease<T>> leases = new HashMap<>();
        List<String> missing = new ArrayList<>();
        for (String text : distinct.keySet()) {
            texts.getIfPresent(text).ifPresentOrElse(lease -> leases.put(text, lease), () -> missing.add(text));
        }
        if (!missing.isEmpty()) {
            List<T> encodings =
                    head.encodeTexts(missing.stream().map(distinct::get).toArray(int[][]::new));
            for (int i = 0; i < encodings.size(); i++) {
                leases.put(missing.get(i), texts.put(missing.get(i), encodings.get(i)));
            }
        }
        return distinct.keySet().stream().map(leases::get).toList();
    }

    private static <E> Map<E, Integer> indices(Iterable<E> distinct) {
        Map<E, Integer> indices = new HashMap<>();
        for (E one : distinct) indices.put(one, indices.size());
        return indices;
    }
}
