package io.bridgetower.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.search.index.Caption;
import io.bridgetower.search.index.Hit;
import io.bridgetower.search.index.IndexedImage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The second stage, by the demo model. */
class RerankerTest {
    private static final String TEXT = "a large blue square";

    private static BridgeTowerForImageAndTextRetrieval model;
    private static BridgeTowerProcessor processor;
    private static Reranker reranker;

    @BeforeAll
    static void load() throws IOException {
        model = BridgeTowerForImageAndTextRetrieval.load(Demo.MODEL, new ModelOptions(2));
        processor = BridgeTowerProcessor.load(Demo.MODEL);
        reranker = new Reranker(model, processor);
    }

    @AfterAll
    static void close() {
        reranker.close();
        model.close();
    }

    @Test
    void probabilitiesAreThoseOfSinglePairs() throws IOException {
        List<Hit<IndexedImage>> proposals = new ArrayList<>();
        // More than are read in one call.
        for (int i = 0; i < 70; i++) proposals.add(new Hit<>(IndexedImage.of(Demo.example(1 + i % 12)), i));
        Ranking<IndexedImage> ranking = reranker.images(TEXT, proposals);
        assertEquals(70, ranking.ranked().size());
        double before = 1;
        for (Ranked<IndexedImage> ranked : ranking.ranked()) {
            assertEquals(probability(ranked.item().path(), TEXT), ranked.probability());
            assertEquals(ranked.item(), proposals.get((int) ranked.similarity()).item());
            assertTrue(ranked.probability() <= before);
            before = ranked.probability();
        }
        assertEquals(Demo.example(2), ranking.ranked().getFirst().item().path());
    }

    @Test
    void captionsAreRankedForAPicture() throws IOException {
        List<Hit<Caption>> proposals = new ArrayList<>();
        for (int i = 0; i < 70; i++) proposals.add(new Hit<>(new Caption(i == 66 ? TEXT : i + " orange stars"), 0));
        Ranking<Caption> ranking = reranker.captions(ImageCodec.read(Demo.example(2)), proposals);
        assertEquals(70, ranking.ranked().size());
        assertEquals(TEXT, ranking.ranked().getFirst().item().text());
        for (Ranked<Caption> ranked : ranking.ranked().subList(0, 5)) {
            assertEquals(probability(Demo.example(2), ranked.item().text()), ranked.probability());
        }
    }

    @Test
    void imagesThatAreGoneAreSkipped() throws IOException {
        Path gone = Demo.EXAMPLES.resolve("gone.png");
        List<Hit<IndexedImage>> proposals =
                List.of(new Hit<>(new IndexedImage(gone, 1, 1), 1), new Hit<>(IndexedImage.of(Demo.example(2)), 0.5));
        Ranking<IndexedImage> ranking = reranker.images(TEXT, proposals);
        assertEquals(1, ranking.ranked().size());
        assertEquals(gone.toString(), ranking.skipped().getFirst().name());
        assertInstanceOf(NoSuchFileException.class, ranking.skipped().getFirst().problem());
        assertEquals(List.of(), reranker.images(TEXT, proposals.subList(0, 1)).ranked());
        assertEquals(List.of(), reranker.images(TEXT, List.of()).ranked());
    }

    @Test
    void aTextThatIsTooLongIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> reranker.images("word ".repeat(500), List.of()));
    }

    @Test
    void manyCallsShareAFewThreadsAndGiveWhatOneGives() throws Exception {
        List<Hit<IndexedImage>> proposals = new ArrayList<>();
        for (int i = 0; i < 12; i++) proposals.add(new Hit<>(IndexedImage.of(Demo.example(1 + i)), i));
        Set<Thread> others = readers();
        try (Reranker shared = new Reranker(model, processor);
                var callers = Executors.newFixedThreadPool(12)) {
            List<Ranked<IndexedImage>> expected = shared.images(TEXT, proposals).ranked();
            Set<Thread> before = readers();
            List<Callable<List<Ranked<IndexedImage>>>> calls =
                    Collections.nCopies(40, () -> shared.images(TEXT, proposals).ranked());
            for (var ranked : callers.invokeAll(calls)) assertEquals(expected, ranked.get());
            Set<Thread> after = readers();
            after.removeAll(others);
            before.removeAll(others);
            assertTrue(after.containsAll(before), "threads are kept");
            assertTrue(
                    after.size() <= ImageLoaders.COUNT * Runtime.getRuntime().availableProcessors()
                            && after.size() <= ImageLoaders.COUNT * 4,
                    after::toString);
        }
    }

    @Test
    void closedIsClosed() throws Exception {
        List<Hit<IndexedImage>> proposals = List.of(new Hit<>(IndexedImage.of(Demo.example(2)), 1));
        Set<Thread> others = readers();
        Reranker own = new Reranker(model, processor);
        assertEquals(1, own.images(TEXT, proposals).ranked().size());
        Set<Thread> ours = readers();
        ours.removeAll(others);
        assertFalse(ours.isEmpty());
        own.close();
        own.close();
        for (Thread thread : ours) assertTrue(thread.join(Duration.ofMinutes(1)), thread.getName());
        var closed = assertThrows(IllegalStateException.class, () -> own.images(TEXT, proposals));
        assertEquals("the reranker is closed", closed.getMessage());
    }

    /** What one call has begun does not come out of another. */
    @Test
    void aFailedCallLeavesNothingToTheNext() throws IOException {
        List<Hit<IndexedImage>> proposals =
                List.of(new Hit<>(IndexedImage.of(Demo.example(1)), 1), new Hit<>(IndexedImage.of(Demo.example(2)), 0));
        try (Reranker own = new Reranker(model, processor)) {
            List<Ranked<IndexedImage>> expected = own.images(TEXT, proposals).ranked();
            Thread.currentThread().interrupt();
            assertThrows(IllegalStateException.class, () -> own.images(TEXT, proposals.reversed()));
            assertTrue(Thread.interrupted());
            assertEquals(expected, own.images(TEXT, proposals).ranked());
        }
    }

    private static Set<Thread> readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bridgetower-reader-"))
                .collect(Collectors.toSet());
    }

    private static double probability(Path image, String text) throws IOException {
        var inputs = processor.process(List.of(ImageCodec.read(image)), List.of(text));
        float[][] logits = model.logits(
                inputs.texts().inputIds(),
                inputs.texts().attentionMask(),
                inputs.images().pixelValues());
        return BridgeTowerForImageAndTextRetrieval.probability(logits[0]);
    }
}
