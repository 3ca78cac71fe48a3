package io.bridgetower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.outputs.BridgeTowerContrastiveOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeTowerTest {
    private static final List<String> TEXTS =
            List.of("two blue squares", "a large blue square", "a large blue triangle");

    private static BridgeTower bridgeTower;

    @BeforeAll
    static void load() throws IOException {
        bridgeTower = BridgeTower.load(Demo.MODEL);
    }

    @AfterAll
    static void close() {
        bridgeTower.close();
    }

    @Test
    void scoresTextsInTheirOrder() throws IOException {
        List<Score> scores = bridgeTower.score(Demo.image(2), TEXTS);
        assertEquals(TEXTS, scores.stream().map(Score::text).toList());
        assertEquals(0.0522, scores.get(0).probability(), 5e-5);
        assertEquals(0.9979, scores.get(1).probability(), 5e-5);
        assertEquals(0.0000, scores.get(2).probability(), 5e-5);
    }

    @Test
    void scoresHaveTheBitsOfTheModelItself() throws IOException {
        Image image = Demo.image(2);
        try (Arena arena = Arena.ofShared()) {
            Tensor pixels = pixels(arena, image);
            for (Score score : bridgeTower.score(image, TEXTS)) {
                float[] logits = bridgeTower.matching().logits(text(score.text()), ImageInputs.of(pixels))[0];
                assertArrayEquals(
                        logits,
                        new float[] {score.logits().noMatch(), score.logits().match()});
            }
        }
    }

    @Test
    void scoresMoreTextsThanFitInOneCallOfTheModel() throws IOException {
        List<String> many = IntStream.range(0, 150).mapToObj(i -> "a star " + i).toList();
        List<Score> scores = bridgeTower.score(Demo.image(3), many);
        assertEquals(many, scores.stream().map(Score::text).toList());
        assertEquals(bridgeTower.score(Demo.image(3), many.get(149)), scores.get(149));
    }

    @Test
    void explainsWhereEachWordLooks() throws IOException {
        Explanation explanation = bridgeTower.explain(Demo.image(1), "a black square and a yellow cross");
        assertEquals(List.of("a", "black", "square", "and", "a", "yellow", "cross"), explanation.words());
        assertEquals(6, explanation.rows());
        assertEquals(6, explanation.columns());
        int layers = explanation.layers(), heads = explanation.heads(), patches = 36;
        assertEquals(layers * heads * 7 * patches, explanation.weights().length);
        float[] mean = explanation.mean(layers - 1, 2);
        double sum = 0;
        for (float share : mean) sum += share;
        assertTrue(sum > 0.1 && sum < 1, "what the class token leaves to the patches: " + sum);
        float[] ofHeads = new float[patches];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < patches; i++) {
                ofHeads[i] += explanation.weights()[(((layers - 1) * heads + head) * 7 + 2) * patches + i] / heads;
            }
        }
        assertArrayEquals(ofHeads, mean);
        assertEquals("Image[96 x 96]", explanation.image().toString());
        Image again = Image.decode(explanation.image().toPng(), "png");
        assertArrayEquals(explanation.image().pixels().rgb(), again.pixels().rgb());
        assertThrows(IllegalArgumentException.class, () -> bridgeTower.explain(Demo.image(1), " "));
    }

    @Test
    void ranksTheBestFirst() throws IOException {
        List<Image> images = List.of(Demo.image(1), Demo.image(3), Demo.image(2), Demo.image(8));
        Ranking ranking = bridgeTower.rank("a large blue square", images);
        assertEquals(2, ranking.best().index());
        assertEquals(
                bridgeTower.score(images.get(2), "a large blue square").probability(),
                ranking.best().probability());
        assertEquals(4, ranking.places().size());
        for (int i = 1; i < 4; i++) {
            assertTrue(ranking.places().get(i).probability()
                    <= ranking.places().get(i - 1).probability());
        }
        assertEquals(1, bridgeTower.rank(Demo.image(2), TEXTS).best().index());
    }

    @Test
    void fillsEveryMask() throws IOException {
        List<Filled> filled = bridgeTower.fill(Demo.image(2), "a <mask> <mask>", 3);
        assertEquals(2, filled.size());
        assertEquals(3, filled.get(0).words().size());
        Filled one = bridgeTower.fill(Demo.image(2), "a <mask> square", 1).getFirst();
        assertEquals("blue", one.word());
        assertEquals(0.9998, one.probability(), 5e-5);
        assertEquals("a blue square", bridgeTower.complete(Demo.image(2), "a <mask> square"));
    }

    @Test
    void embedsEitherSideAndBothTogether() throws IOException {
        Image image = Demo.image(1);
        String text = "a black square and a yellow cross";
        float[] textVector = bridgeTower.embed(text), imageVector = bridgeTower.embed(image);
        assertEquals(0.854807, dot(textVector, imageVector), 1e-3);
        float[] joint = bridgeTower.embed(image, text);
        assertEquals(1, dot(joint, joint), 1e-6);
        try (Arena arena = Arena.ofShared()) {
            BridgeTowerContrastiveOutput output =
                    bridgeTower.contrastive().forward(text(text), ImageInputs.of(pixels(arena, image)));
            assertArrayEquals(output.textEmbeds().toArray(), textVector);
            assertArrayEquals(output.imageEmbeds().toArray(), imageVector);
            assertArrayEquals(output.crossEmbeds().toArray(), joint);
        }
        // The joint vector has left the image's encoding in the cache.
        assertArrayEquals(imageVector, bridgeTower.embed(image));
    }

    @Test
    void embedsBatches() throws IOException {
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < 20; i++) images.add(Demo.image(1 + i % 12));
        List<float[]> vectors = bridgeTower.embedImages(images);
        for (int i = 0; i < 20; i++) assertArrayEquals(bridgeTower.embed(images.get(i)), vectors.get(i));
        List<float[]> texts = bridgeTower.embedTexts(TEXTS);
        for (int i = 0; i < TEXTS.size(); i++) assertArrayEquals(bridgeTower.embed(TEXTS.get(i)), texts.get(i));
    }

    @Test
    void embedsAStreamInItsOrderWithItsErrors(@TempDir Path directory) throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.png"), "no image");
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < 40; i++) paths.add(Demo.path(1 + i % 12));
        paths.add(7, broken);
        paths.add(directory.resolve("missing.png"));
        List<Embedded<Path>> all;
        try (Stream<Embedded<Path>> stream = bridgeTower.embedAll(paths, Image::read)) {
            all = stream.toList();
        }
        assertEquals(paths, all.stream().map(Embedded::item).toList());
        assertEquals(
                List.of(7, 41),
                IntStream.range(0, all.size())
                        .filter(i -> !all.get(i).succeeded())
                        .boxed()
                        .toList());
        assertTrue(all.get(7).error().getMessage().contains("broken.png"));
        assertArrayEquals(bridgeTower.embed(Demo.image(2)), all.get(1).vector());
    }

    @Test
    void aStreamIsLazyAndEndsWhenClosed() {
        List<Integer> asked = Collections.synchronizedList(new ArrayList<>());
        Iterable<Integer> endless =
                () -> IntStream.iterate(1, i -> i % 12 + 1).peek(asked::add).iterator();
        try (Stream<Embedded<Integer>> stream = bridgeTower.embedAll(endless, Demo::image)) {
            assertEquals(5, stream.limit(5).filter(Embedded::succeeded).count());
        }
        int after = asked.size();
        assertTrue(after < 100, () -> after + " images were begun");
    }

    @Test
    void resultsAreTheSameForCallersAtTheSameTime() throws Exception {
        List<Score> expected = bridgeTower.score(Demo.image(5), TEXTS);
        try (BridgeTower without =
                        BridgeTower.builder(Demo.MODEL).cacheBytes(0).threads(2).load();
                ExecutorService callers = Executors.newFixedThreadPool(6)) {
            Callable<List<Score>> call = () -> without.score(Demo.image(5), TEXTS);
            for (Future<List<Score>> scores : callers.invokeAll(Collections.nCopies(12, call))) {
                assertEquals(expected, scores.get());
            }
        }
    }

    @Test
    void anImageThatWasSeenIsNotEncodedAgain() throws IOException {
        try (BridgeTower own = BridgeTower.load(Demo.MODEL)) {
            own.score(Demo.image(4), TEXTS);
            own.fill(Demo.image(4), "a <mask> star", 1);
            own.embed(Demo.image(4), TEXTS.getFirst());
            assertEquals(1, own.model().usage().images());
            assertEquals(TEXTS.size() + 1, own.model().usage().texts());
        }
    }

    @Test
    void textsThatAreTooLongAreRefusedOrTruncated() throws IOException {
        String tooLong = "a red circle ".repeat(100);
        Image image = Demo.image(1);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> bridgeTower.score(image, tooLong));
        assertTrue(refused.getMessage().contains("a red circle a red"), refused::getMessage);
        try (BridgeTower truncating =
                BridgeTower.builder(Demo.MODEL).truncate(true).load()) {
            assertTrue(Double.isFinite(truncating.score(image, tooLong).probability()));
        }
        try (BridgeTower five = BridgeTower.builder(Demo.MODEL).maxTokens(5).load()) {
            assertEquals(5, five.textPreparation().ids(tooLong).length);
        }
        assertThrows(
                IllegalArgumentException.class, BridgeTower.builder(Demo.MODEL).maxTokens(100_000)::load);
    }

    @Test
    void aMissingHeadIsOneClearError(@TempDir Path directory) throws IOException {
        for (String name : List.of("config.json", "preprocessor_config.json", "tokenizer.json")) {
            Files.copy(Demo.MODEL.resolve(name), directory.resolve(name));
        }
        byte[] weights = Files.readAllBytes(Demo.MODEL.resolve("model.safetensors"));
        String latin = new String(weights, StandardCharsets.ISO_8859_1);
        Files.write(
                directory.resolve("model.safetensors"),
                latin.replace("\"itm_score", "\"itm_other").getBytes(StandardCharsets.ISO_8859_1));
        try (BridgeTower without = BridgeTower.load(directory)) {
            assertEquals(Set.of(Head.MASKED_LM, Head.CONTRASTIVE), without.heads());
            Image image = Demo.image(1);
            String message = assertThrows(UnsupportedOperationException.class, () -> without.score(image, "a star"))
                    .getMessage();
            assertTrue(message.contains("itm_score") && message.contains("MATCHING"), message);
        }
    }

    @Test
    void textsWithoutAMaskAreNotFilled() throws IOException {
        Image image = Demo.image(1);
        String message = assertThrows(IllegalArgumentException.class, () -> bridgeTower.fill(image, "a star", 1))
                .getMessage();
        assertTrue(message.contains("<mask>"), message);
        assertThrows(IllegalArgumentException.class, () -> bridgeTower.fill(image, "a <mask>", 0));
    }

    @Test
    void closedMeansClosed() throws IOException {
        BridgeTower own = BridgeTower.load(Demo.MODEL.toString());
        Image image = Demo.image(1);
        own.close();
        own.close();
        assertThrows(IllegalStateException.class, () -> own.score(image, "a star"));
        assertThrows(IllegalStateException.class, () -> own.embed("a star"));
    }

    @Test
    void aModelThatIsNowhereIsNamed() {
        NoSuchFileException missing =
                assertThrows(NoSuchFileException.class, () -> BridgeTower.load("/no/such/directory"));
        assertTrue(missing.getMessage().contains("/no/such/directory"));
    }

    @Test
    void nothingIsComputedForNothing() throws IOException {
        assertEquals(List.of(), bridgeTower.score(Demo.image(1), List.of()));
        assertFalse(bridgeTower.rank("a star", List.of()).iterator().hasNext());
        assertEquals(List.of(), bridgeTower.embedTexts(List.of()));
    }

    private static TextInputs text(String text) {
        return TextInputs.of(new int[][] {bridgeTower.textPreparation().ids(text)});
    }

    private static Tensor pixels(Arena arena, Image image) {
        return bridgeTower.pixelReader().processAll(arena, List.of(image.pixels()));
    }

    private static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) dot += (double) a[i] * b[i];
        return dot;
    }
}
