package io.bridgetower.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.RgbImage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The second stage, by the demo model. */
class RerankerTest {
    private static final String TEXT = "a large blue square";

    private static BridgeTowerForImageAndTextRetrieval model;
    private static BridgeTowerProcessor processor;

    @BeforeAll
    static void load() throws IOException {
        model = BridgeTowerForImageAndTextRetrieval.load(Demo.MODEL, new ModelOptions(2));
        processor = BridgeTowerProcessor.load(Demo.MODEL);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void probabilitiesAreThoseOfSinglePairs() throws IOException {
        List<Hit<Picture>> proposals = new ArrayList<>();
        // More than are read in one call.
        for (int i = 0; i < 70; i++) proposals.add(new Hit<>(Picture.of(Demo.example(1 + i % 12)), i));
        Ranking<Picture> ranking = new Reranker(model, processor).pictures(TEXT, proposals);
        assertEquals(70, ranking.ranked().size());
        double before = 1;
        for (Ranked<Picture> ranked : ranking.ranked()) {
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
        Ranking<Caption> ranking = new Reranker(model, processor).captions(RgbImage.read(Demo.example(2)), proposals);
        assertEquals(70, ranking.ranked().size());
        assertEquals(TEXT, ranking.ranked().getFirst().item().text());
        for (Ranked<Caption> ranked : ranking.ranked().subList(0, 5)) {
            assertEquals(probability(Demo.example(2), ranked.item().text()), ranked.probability());
        }
    }

    @Test
    void picturesThatAreGoneAreSkipped() throws IOException {
        Path gone = Demo.EXAMPLES.resolve("gone.png");
        List<Hit<Picture>> proposals =
                List.of(new Hit<>(new Picture(gone, 1, 1), 1), new Hit<>(Picture.of(Demo.example(2)), 0.5));
        Ranking<Picture> ranking = new Reranker(model, processor).pictures(TEXT, proposals);
        assertEquals(1, ranking.ranked().size());
        assertEquals(gone.toString(), ranking.skipped().getFirst().name());
        assertInstanceOf(NoSuchFileException.class, ranking.skipped().getFirst().problem());
        assertEquals(
                List.of(),
                new Reranker(model, processor)
                        .pictures(TEXT, proposals.subList(0, 1))
                        .ranked());
        assertEquals(
                List.of(),
                new Reranker(model, processor).pictures(TEXT, List.of()).ranked());
    }

    @Test
    void aTextThatIsTooLongIsRefused() {
        Reranker reranker = new Reranker(model, processor);
        assertThrows(IllegalArgumentException.class, () -> reranker.pictures("word ".repeat(500), List.of()));
    }

    private static double probability(Path picture, String text) throws IOException {
        var inputs = processor.process(List.of(RgbImage.read(picture)), List.of(text));
        float[][] logits = model.logits(
                inputs.texts().inputIds(),
                inputs.texts().attentionMask(),
                inputs.images().pixelValues());
        return BridgeTowerForImageAndTextRetrieval.probability(logits[0]);
    }
}
