package io.bridgetower.search.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingIndexTest {
    private static final int WIDTH = 16;
    private static final IndexModel MODEL = new IndexModel("a model", "0123", WIDTH, "settings");

    @TempDir
    private Path parent;

    private Path directory;
    private final RandomVectors vectors = new RandomVectors(1, WIDTH);

    @BeforeEach
    void name() {
        directory = parent.resolve("index");
    }

    @Test
    void theNearestAreFoundBestFirst() throws IOException {
        List<float[]> all = fill(300, 100);
        float[] query = vectors.next();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) expected.add("caption " + i);
        expected.sort(Comparator.comparingDouble(name -> -dot(query, all.get(number(name)))));
        try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL)) {
            assertEquals(300, index.captionCount());
            assertEquals(0, index.imageCount());
            List<Hit<Caption>> hits = index.captions(query, 20, Scan.AUTOMATIC);
            assertEquals(
                    expected.subList(0, 20),
                    hits.stream().map(hit -> hit.item().text()).toList());
            for (Hit<Caption> hit : hits) {
                // Lucene's scores are floats from 0 to 1.
                assertEquals(dot(query, all.get(number(hit.item().text()))), hit.similarity(), 1e-6);
            }
            assertEquals(300, index.captions(query, 1000, Scan.EXACT).size());
            assertEquals(List.of(), index.images(query, 5, Scan.AUTOMATIC));
        }
    }

    @Test
    void theGraphOfALargeIndexFindsNearlyAllThatAnExactScanFinds() throws IOException {
        int count = EmbeddingIndex.EXACT_BELOW + 2000;
        fill(count, count / 3);
        int same = 0, queries = 50, k = 10;
        try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL)) {
            for (int i = 0; i < queries; i++) {
                float[] query = vectors.next();
                List<Caption> exact = items(index.captions(query, k, Scan.EXACT));
                List<Caption> graph = items(index.captions(query, k, Scan.AUTOMATIC));
                assertEquals(k, graph.size());
                same += (int) graph.stream().filter(exact::contains).count();
            }
        }
        // Measured: all of them; in 256 dimensions, where random vectors have no neighbourhoods, 0.8.
        assertTrue(same >= 0.98 * queries * k, same + " of " + queries * k);
    }

    @Test
    void whatIsAddedAgainTakesThePlaceAndWhatIsAlikeStandsBesides() throws IOException {
        IndexedImage image = new IndexedImage(parent.resolve("a.png"), 1, 2),
                twin = new IndexedImage(parent.resolve("b.png"), 1, 2);
        IndexedImage changed = new IndexedImage(parent.resolve("a.png"), 3, 4);
        float[] first = vectors.next(), second = vectors.next();
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL)) {
            writer.add(image, first);
            writer.commit();
            assertTrue(writer.holds(image));
            assertFalse(writer.holds(changed));
            assertFalse(writer.holds(new Caption(image.toString())));
            writer.add(changed, second);
            writer.add(twin, second);
            writer.commit();
            assertTrue(writer.holds(changed));
            assertFalse(writer.holds(image));
        }
        try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL)) {
            List<Hit<IndexedImage>> hits = index.images(second, 5, Scan.AUTOMATIC);
            assertEquals(List.of(changed, twin), items(hits));
            assertEquals(hits.get(0).similarity(), hits.get(1).similarity());
        }
    }

    @Test
    void whatIsNotCommittedIsGone() throws IOException {
        Caption kept = new Caption("kept");
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL)) {
            writer.add(kept, vectors.next());
            writer.commit();
            writer.add(new Caption("lost"), vectors.next());
            writer.remove(kept);
        }
        assertEquals(new IndexManifest(MODEL, null, 0, 1), IndexManifest.of(directory));
        try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL)) {
            assertEquals(
                    kept,
                    index.captions(vectors.next(), 5, Scan.AUTOMATIC).getFirst().item());
            assertEquals(1, index.captionCount());
        }
    }

    @Test
    void imagesAreRemovedByChoice() throws IOException {
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL)) {
            for (int i = 0; i < 10; i++) writer.add(new IndexedImage(parent.resolve(i + ".png"), i, 0), vectors.next());
            writer.add(new Caption("stays"), vectors.next());
            writer.commit();
            assertEquals(5, writer.removeImages(image -> image.bytes() % 2 == 1));
            writer.commit();
            assertEquals(0, writer.removeImages(image -> image.bytes() % 2 == 1));
        }
        assertEquals(new IndexManifest(MODEL, null, 5, 1), IndexManifest.of(directory));
    }

    @Test
    void textsOfAnyLengthAndPathsOfAnyNameAreHeld() throws IOException {
        Caption longest = new Caption("word ".repeat(20_000));
        IndexedImage odd = new IndexedImage(parent.resolve("圖 \"'\n.png"), 1, 1);
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL)) {
            writer.add(longest, vectors.next());
            writer.add(odd, vectors.next());
            writer.commit();
            assertTrue(writer.holds(longest));
            assertTrue(writer.holds(odd));
        }
    }

    @Test
    void anEmptyIndexFindsNothing() throws IOException {
        EmbeddingIndexWriter.open(directory, MODEL).close();
        try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL)) {
            assertEquals(List.of(), index.captions(vectors.next(), 5, Scan.AUTOMATIC));
            assertEquals(List.of(), index.images(vectors.next(), 5, Scan.EXACT));
        }
    }

    @Test
    void searchesGoOnWhileItGrows() throws Exception {
        int count = 4000;
        AtomicBoolean failed = new AtomicBoolean();
        EmbeddingIndexWriter.open(directory, MODEL).close();
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL);
                EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL);
                var threads = Executors.newFixedThreadPool(3)) {
            Callable<Long> searching = () -> {
                RandomVectors queries = new RandomVectors(Thread.currentThread().threadId(), WIDTH);
                long seen = 0;
                while (seen < count && !failed.get()) {
                    long before = index.captionCount();
                    assertTrue(before >= seen, "the index shrinks");
                    seen = before;
                    int found = index.captions(queries.next(), count, Scan.AUTOMATIC)
                            .size();
                    assertTrue(found >= before && found % 100 == 0, found + " found, between two commits");
                    index.refresh();
                }
                return seen;
            };
            List<Future<Long>> searches = List.of(threads.submit(searching), threads.submit(searching));
            try {
                for (int i = 1; i <= count; i++) {
                    writer.add(new Caption("caption " + i), vectors.next());
                    if (i % 100 == 0) writer.commit();
                }
            } catch (IOException | RuntimeException e) {
                failed.set(true);
                throw e;
            }
            for (Future<Long> search : searches) assertEquals(count, search.get());
        }
    }

    @Test
    void anotherModelsVectorsAreRefused() throws IOException {
        fill(1, 1);
        IndexModel other = new IndexModel("another", "4567", WIDTH, "settings");
        String expected = directory.resolve("manifest.json")
                + ": fingerprint: the index holds vectors of another model: expected a model (0123), found another"
                + " (4567)";
        assertMalformed(expected, () -> EmbeddingIndex.open(directory, other));
        assertMalformed(expected, () -> EmbeddingIndexWriter.open(directory, other));
        IndexModel processed = new IndexModel("a model", "0123", WIDTH, "others");
        assertMalformed(
                directory.resolve("manifest.json")
                        + ": image_processor: the index holds vectors of images that were processed otherwise:"
                        + " expected settings, found others",
                () -> EmbeddingIndex.open(directory, processed));
        IndexModel elsewhere = new IndexModel("moved", "0123", WIDTH, "settings");
        EmbeddingIndex.open(directory, elsewhere).close();
    }

    @Test
    void vectorsAndQueriesThatAreNoneAreRefused() throws IOException {
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL)) {
            writer.commit();
            assertRefused("vector: expected 16 elements, found 4", () -> writer.add(new Caption("a"), new float[4]));
            assertRefused(
                    "vector: expected the length 1, found 0.0", () -> writer.add(new Caption("a"), new float[WIDTH]));
            float[] none = new float[WIDTH];
            none[3] = Float.NaN;
            assertRefused(
                    "vector: expected the length 1, found NaN: the model's weights are not those of a trained one",
                    () -> writer.add(new Caption("a"), none));
            try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL)) {
                assertRefused(
                        "vector: expected 16 elements, found 4", () -> index.captions(new float[4], 1, Scan.AUTOMATIC));
                assertRefused(
                        "k: expected 1 or more, found 0", () -> index.captions(vectors.next(), 0, Scan.AUTOMATIC));
            }
        }
        IndexModel wide = new IndexModel("wide", "0", 2048, "settings");
        assertRefused(
                "width of vectors: expected at most 1024, found 2048",
                () -> EmbeddingIndexWriter.open(parent.resolve("wide"), wide));
        assertFalse(Files.exists(parent.resolve("wide")));
    }

    @Test
    void closedIsClosed() throws IOException {
        EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL);
        EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL);
        for (int i = 0; i < 2; i++) {
            writer.close();
            index.close();
        }
        assertThrows(IllegalStateException.class, () -> writer.add(new Caption("a"), vectors.next()));
        assertThrows(IllegalStateException.class, () -> index.captions(vectors.next(), 1, Scan.AUTOMATIC));
    }

    @Test
    void thereIsOneWriterAtATime() throws IOException {
        try (EmbeddingIndexWriter _ = EmbeddingIndexWriter.open(directory, MODEL)) {
            var e = assertThrows(FileSystemException.class, () -> EmbeddingIndexWriter.open(directory, MODEL));
            assertEquals(directory + ": another process is writing to this index", e.getMessage());
        }
        EmbeddingIndexWriter.open(directory, MODEL).close();
    }

    @Test
    void whatIsNoIndexIsRefused() throws IOException {
        assertMissing(directory + ": no such directory", () -> EmbeddingIndex.open(directory, MODEL));
        Files.createDirectory(directory);
        String none = directory + ": is no index: there is no manifest.json in it";
        assertMissing(none, () -> EmbeddingIndex.open(directory, MODEL));
        Path photo = Files.writeString(directory.resolve("photo.jpg"), "precious");
        assertMissing(none, () -> EmbeddingIndexWriter.open(directory, MODEL));
        var file = assertThrows(IOException.class, () -> EmbeddingIndexWriter.open(photo, MODEL));
        assertEquals(photo + ": expected the directory of an index, found a file", file.getMessage());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(photo), files.toList());
        }
    }

    @Test
    void aWriterThatDiedAtOnceLeavesNothingInTheWay() throws IOException {
        Files.createDirectory(directory);
        Files.writeString(directory.resolve(".manifest.json.123.tmp"), "{");
        fill(1, 1);
        // Before Lucene's first commit.
        Path other = parent.resolve("other");
        Files.createDirectories(other.resolve("lucene"));
        new IndexManifest(MODEL, null, 0, 0).write(other.resolve("manifest.json"));
        EmbeddingIndexWriter.open(other, MODEL).close();
        EmbeddingIndex.open(other, MODEL).close();
    }

    @Test
    void aDamagedManifestIsOneMessage() throws IOException {
        fill(1, 1);
        Path manifest = directory.resolve("manifest.json");
        String whole = Files.readString(manifest);
        Files.writeString(manifest, whole.substring(0, 40));
        assertMalformed(manifest + ": not JSON: ");
        Files.writeString(manifest, "");
        assertMalformed(manifest + ": expected an object");
        Files.writeString(manifest, "[1]");
        assertMalformed(manifest + ": expected an object");
        Files.writeString(manifest, whole.replace("-index-2", "-index-1"));
        assertMalformed(manifest + ": format: expected bridgetower-index-2, found bridgetower-index-1: index anew");
        Files.writeString(manifest, whole.replace("fingerprint", "fingertip"));
        assertMalformed(manifest + ": fingerprint: missing");
        Files.writeString(manifest, whole.replace("\"width\" : 16", "\"width\" : -1"));
        assertMalformed(manifest + ": width: expected a number of elements, found -1");
        Files.writeString(manifest, whole.replace("\"width\" : 16", "\"width\" : \"x\""));
        assertMalformed(manifest + ": width: expected an integer, found x");
        Files.writeString(manifest, whole.replace("\"width\" : 16", "\"width\" : {}"));
        assertMalformed(manifest + ": width: expected a text or a number");
        Files.writeString(manifest, whole.replace("\"width\" : 16", "\"width\" : 16, \"image_root\" : \"photos\""));
        assertMalformed(manifest + ": image_root: expected an absolute path, found photos");
        EmbeddingIndex.open(directory, MODEL, parent).close();
        Files.writeString(manifest, whole + " ".repeat(1 << 20));
        assertMalformed(manifest + ": ");
    }

    @Test
    void missingFilesAreOneMessage() throws IOException {
        fill(300, 100);
        Path lucene = directory.resolve("lucene");
        List<Path> files;
        try (Stream<Path> list = Files.list(lucene)) {
            files = list.filter(file -> !file.endsWith("write.lock")).toList();
        }
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            Files.delete(file);
            assertDamaged();
            Files.write(file, whole);
        }
        for (Path file : files) Files.delete(file);
        assertDamaged();
        Files.deleteIfExists(lucene.resolve("write.lock"));
        Files.delete(lucene);
        assertDamaged();
    }

    @Test
    void everyDamageToAFileIsFoundByVerifying() throws IOException {
        fill(300, 100);
        List<Path> files;
        try (Stream<Path> list = Files.list(directory.resolve("lucene"))) {
            files = list.filter(file -> !file.endsWith("write.lock")).toList();
        }
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            for (int part = 0; part < 8; part++) {
                byte[] spoilt = whole.clone();
                spoilt[whole.length * part / 8] ^= 0x10;
                Files.write(file, spoilt);
                assertMalformed(damaged(), this::verify);
                // What a search does not read it does not find; it gives a result or this message, and nothing else.
                try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL)) {
                    for (Scan scan : Scan.values()) index.captions(vectors.next(), 300, scan);
                } catch (MalformedFileException e) {
                    assertTrue(e.getMessage().startsWith(damaged()), e.getMessage());
                }
                Files.writeString(directory.resolve("writing"), "");
                assertMalformed(damaged(), () -> EmbeddingIndexWriter.open(directory, MODEL));
                Files.delete(directory.resolve("writing"));
            }
            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            assertDamaged();
            Files.write(file, new byte[0]);
            assertDamaged();
            Files.write(file, whole);
        }
        verify();
    }

    @Test
    void openingDoesNotReadAllOfAnIndex() throws IOException {
        fill(300, 100);
        spoilVectors();
        EmbeddingIndex.open(directory, MODEL).close();
        EmbeddingIndexWriter.open(directory, MODEL).close();
        assertMalformed(damaged(), this::verify);
    }

    @Test
    void aWriterVerifiesWhatOneThatDiedHasLeft() throws IOException {
        fill(300, 100);
        EmbeddingIndexWriter dead = EmbeddingIndexWriter.open(directory, MODEL);
        byte[] mark = Files.readAllBytes(directory.resolve("writing"));
        dead.close();
        assertFalse(Files.exists(directory.resolve("writing")));
        Files.write(directory.resolve("writing"), mark);
        EmbeddingIndexWriter.open(directory, MODEL).close();
        assertFalse(Files.exists(directory.resolve("writing")));

        Files.write(directory.resolve("writing"), mark);
        spoilVectors();
        for (int i = 0; i < 2; i++) {
            assertMalformed(damaged(), () -> EmbeddingIndexWriter.open(directory, MODEL));
            assertTrue(Files.exists(directory.resolve("writing")));
        }
    }

    @Test
    void damageThatMergingFindsIsOneMessage() throws IOException {
        fill(300, 100);
        spoilVectors();
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL)) {
            assertMalformed(damaged(), () -> {
                // Lucene merges ten segments, in a thread of its own, and stops the writer when it fails.
                for (int i = 0; i < 1000; i++) {
                    writer.add(new Caption("more " + i), vectors.next());
                    writer.commit();
                }
            });
        }
        assertTrue(Files.exists(directory.resolve("writing")), "the next writer verifies the index");
    }

    @Test
    void imagesAreKnownByTheirPathsBelowTheRoot() throws IOException {
        Path old = parent.resolve("old"), moved = parent.resolve("moved");
        Path outside = parent.resolve("outside.png");
        float[] first = vectors.next(), second = vectors.next();
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL, old)) {
            writer.add(new IndexedImage(old.resolve("sub/a.png"), 1, 2), first);
            writer.add(new IndexedImage(outside, 3, 4), second);
            writer.commit();
            assertTrue(writer.holds(new IndexedImage(old.resolve("sub/a.png"), 1, 2)));
        }
        assertEquals(new IndexManifest(MODEL, old.toString(), 2, 0), IndexManifest.of(directory));
        assertEquals(List.of(old.resolve("sub/a.png"), outside), paths(null, first));
        assertEquals(List.of(moved.resolve("sub/a.png"), outside), paths(moved, first));
        assertEquals(old.toString(), IndexManifest.of(directory).imageRoot(), "a search changes nothing");

        try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL);
                EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL, moved)) {
            assertTrue(writer.holds(new IndexedImage(moved.resolve("sub/a.png"), 1, 2)));
            assertTrue(writer.holds(new IndexedImage(outside, 3, 4)));
            assertFalse(writer.holds(new IndexedImage(old.resolve("sub/a.png"), 1, 2)));
            index.refresh();
            assertEquals(
                    moved.resolve("sub/a.png"),
                    index.images(first, 1, Scan.EXACT).getFirst().item().path());
        }
        assertEquals(List.of(moved.resolve("sub/a.png"), outside), paths(null, first));
        assertThrows(IllegalArgumentException.class, () -> EmbeddingIndex.open(directory, MODEL, Path.of("here")));
    }

    @Test
    void anImageIsInAnIndexOnceWhateverTheRoot() throws IOException {
        IndexedImage image = new IndexedImage(parent.resolve("photos/a.png"), 1, 2);
        float[] vector = vectors.next();
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL)) {
            writer.add(image, vector);
            writer.commit();
        }
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL, parent.resolve("photos"))) {
            assertTrue(writer.holds(image));
            writer.add(image, vector);
            writer.commit();
            assertEquals(1, IndexManifest.of(directory).images());
            writer.remove(image);
            writer.commit();
            assertEquals(0, IndexManifest.of(directory).images());
        }
    }

    private List<Path> paths(Path root, float[] query) throws IOException {
        try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL, root)) {
            return items(index.images(query, 5, Scan.EXACT)).stream()
                    .map(IndexedImage::path)
                    .toList();
        }
    }

    private void verify() throws IOException {
        try (EmbeddingIndex index = EmbeddingIndex.open(directory, MODEL)) {
            index.verify();
        }
    }

    /** Changes a bit in the middle of the largest file. */
    private void spoilVectors() throws IOException {
        Path largest;
        try (Stream<Path> files = Files.list(directory.resolve("lucene"))) {
            largest = files.max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(largest);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(largest, bytes);
    }

    /** Captions 0, 1, …, and the vectors of each. */
    private List<float[]> fill(int count, int commit) throws IOException {
        List<float[]> all = new ArrayList<>();
        try (EmbeddingIndexWriter writer = EmbeddingIndexWriter.open(directory, MODEL)) {
            for (int i = 0; i < count; i++) {
                all.add(vectors.next());
                writer.add(new Caption("caption " + i), all.getLast());
                if ((i + 1) % commit == 0) writer.commit();
            }
            writer.commit();
        }
        return all;
    }

    private static <T extends Item> List<T> items(List<Hit<T>> hits) {
        return hits.stream().map(Hit::item).toList();
    }

    private String damaged() {
        return directory.resolve("lucene") + ": damaged, incomplete or of another version: index anew";
    }

    private void assertDamaged() {
        assertMalformed(damaged());
    }

    /** For readers and writers. */
    private void assertMalformed(String beginning) {
        assertMalformed(beginning, () -> EmbeddingIndex.open(directory, MODEL));
        assertMalformed(beginning, () -> EmbeddingIndexWriter.open(directory, MODEL));
    }

    private static void assertMalformed(String beginning, Executable opening) {
        var e = assertThrows(MalformedFileException.class, opening);
        assertTrue(e.getMessage().startsWith(beginning), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    private static void assertMissing(String message, Executable opening) {
        var e = assertThrows(IOException.class, opening);
        assertInstanceOf(NoSuchFileException.class, e);
        assertEquals(message, e.getMessage());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring("caption ".length()));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return sum;
    }
}
