package io.bridgetower.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.search.index.Caption;
import io.bridgetower.search.index.EmbeddingIndex;
import io.bridgetower.search.index.EmbeddingIndexWriter;
import io.bridgetower.search.index.Hit;
import io.bridgetower.search.index.IndexManifest;
import io.bridgetower.search.index.IndexModel;
import io.bridgetower.search.index.IndexedImage;
import io.bridgetower.search.index.Scan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images and captions into an index, by the demo model. */
class IndexerTest {
    private static BridgeTowerForContrastiveLearning model;
    private static BridgeTowerProcessor processor;

    @TempDir
    private Path directory;

    private List<Path> images;

    @BeforeAll
    static void load() throws IOException {
        model = BridgeTowerForContrastiveLearning.load(Demo.MODEL, new ModelOptions(2));
        processor = BridgeTowerProcessor.load(Demo.MODEL);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @BeforeEach
    void copy() throws IOException {
        images = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            images.add(Files.copy(Demo.example(i), directory.resolve("%02d.png".formatted(i))));
        }
    }

    @Test
    void vectorsAreThoseOfTheModel() throws IOException {
        Progress progress = new Progress();
        assertEquals(new IndexSummary(12, 0, 0), index(progress));
        assertEquals(
                IntStream.rangeClosed(0, 12)
                        .mapToObj(i -> List.of((long) i, 0L, 12L))
                        .toList(),
                progress.steps);
        try (EmbeddingIndex index = open()) {
            for (Path image : images) {
                Hit<IndexedImage> nearest =
                        index.images(vector(image), 1, Scan.EXACT).getFirst();
                assertEquals(image, nearest.item().path());
                assertEquals(1, nearest.similarity(), 1e-6);
            }
        }
    }

    @Test
    void onlyWhatIsNewOrChangedIsEmbedded() throws IOException {
        index(new Progress());
        Path late = Files.copy(Demo.example(1), directory.resolve("late.png"));
        images.add(late);
        Files.copy(Demo.example(2), images.get(4), StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(images.get(5), FileTime.fromMillis(1));
        assertEquals(new IndexSummary(3, 10, 0), index(new Progress()));
        assertEquals(new IndexSummary(0, 13, 0), index(new Progress()));
        try (EmbeddingIndex index = open()) {
            assertEquals(13, index.imageCount());
            List<Hit<IndexedImage>> hits = index.images(vector(images.get(1)), 3, Scan.EXACT);
            assertEquals(images.get(1), hits.get(0).item().path());
            assertEquals(images.get(4), hits.get(1).item().path());
            assertEquals(1, hits.get(1).similarity(), 1e-6);
        }
    }

    @Test
    void whatCannotBeReadIsSkippedAndNoLongerThere() throws IOException {
        index(new Progress());
        Files.writeString(images.get(3), "no image any more");
        Files.delete(images.get(7));
        Progress progress = new Progress();
        assertEquals(new IndexSummary(0, 10, 2), index(progress));
        assertEquals(List.of(12L, 2L, 12L), progress.steps.getLast());
        Skipped gone = progress.skipped.get(0), broken = progress.skipped.get(1);
        assertEquals(images.get(7).toString(), gone.name());
        assertInstanceOf(NoSuchFileException.class, gone.problem());
        assertEquals(images.get(3).toString(), broken.name());
        assertInstanceOf(MalformedFileException.class, broken.problem());
        // What is gone may be on a disk that is not there today.
        assertEquals(11, IndexManifest.of(directory.resolve("index")).images());
    }

    @Test
    void manyImagesComeInBatches() throws IOException {
        for (int i = 0; i < 6 * Batches.size(); i++) {
            if (i % 5 == 0) images.add(Files.writeString(directory.resolve("broken" + i + ".png"), "no image"));
            else images.add(Files.copy(Demo.example(1 + i % 12), directory.resolve("copy" + i + ".png")));
        }
        Progress progress = new Progress();
        IndexSummary summary = index(progress);
        long broken = images.stream()
                .filter(file -> file.toString().contains("broken"))
                .count();
        assertEquals(new IndexSummary(images.size() - broken, 0, broken), summary);
        assertEquals(broken, progress.skipped.size());
        try (EmbeddingIndex index = open()) {
            List<Hit<IndexedImage>> hits = index.images(vector(images.getFirst()), images.size(), Scan.EXACT);
            assertEquals(
                    summary.added(), hits.stream().map(Hit::item).distinct().count());
        }
    }

    @Test
    void captionsAreIndexedAndTheLongOnesSkipped() throws IOException {
        List<String> captions = new ArrayList<>(List.of("a red circle", "two blue squares", "word ".repeat(500)));
        for (int i = 0; i < 2 * Batches.size(); i++) captions.add("caption number " + i);
        Progress progress = new Progress();
        try (EmbeddingIndexWriter writer = writer()) {
            CaptionIndexer indexer = new CaptionIndexer(writer, model, processor.tokenizer());
            assertEquals(new IndexSummary(captions.size() - 1, 0, 1), indexer.index(captions, progress));
            assertEquals(new IndexSummary(0, captions.size() - 1, 1), indexer.index(captions, progress));
        }
        assertTrue(
                progress.skipped.getFirst().problem().getMessage().matches("the text .* has \\d+ tokens, .* at most"),
                progress.skipped.toString());
        try (EmbeddingIndex index = open()) {
            assertEquals(captions.size() - 1, index.captionCount());
            Hit<Caption> nearest = new Proposer(index, model, processor)
                    .captions(ImageCodec.read(Demo.example(2)), 1, Scan.AUTOMATIC)
                    .getFirst();
            assertEquals("two blue squares", nearest.item().text());
        }
    }

    private IndexSummary index(Progress progress) throws IOException {
        try (EmbeddingIndexWriter writer = writer()) {
            return new ImageIndexer(writer, model, processor.imageProcessor()).index(images, progress);
        }
    }

    private EmbeddingIndexWriter writer() throws IOException {
        return EmbeddingIndexWriter.open(directory.resolve("index"), indexModel());
    }

    private EmbeddingIndex open() throws IOException {
        return EmbeddingIndex.open(directory.resolve("index"), indexModel());
    }

    private static IndexModel indexModel() {
        return IndexModel.of("demo", model, processor.imageProcessor());
    }

    private static float[] vector(Path image) throws IOException {
        var pixels = processor.imageProcessor().preprocess(List.of(ImageCodec.read(image)));
        return model.imageEmbeds(ImageInputs.of(pixels.pixelValues())).toArray();
    }
}
