package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.UnimodalEncoding;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.Conversion;
import io.bridgetower.model.inputs.EncodingPrecision;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts and images that are encoded once: their scores, their memory, their files. */
class EncodingsTest {
    private static final int[][] IDS = {{0, 7, 8, 2}, {0, 2}, {0, 44, 45, 46, 47, 2}};
    private static final int[][] MASK = {{1, 0, 1, 1}, {1, 1}, {1, 1, 1, 1, 1, 0}};

    private static BridgeTowerForImageAndTextRetrieval model;
    private static Tensor pixels;

    @TempDir
    private Path directory;

    @BeforeAll
    static void load() throws IOException {
        model = BridgeTowerForImageAndTextRetrieval.load(Golden.directory("defaults"), new ModelOptions(2));
        Random random = new Random(7);
        pixels = Tensor.allocate(Arena.ofAuto(), 2, 3, 64, 64);
        for (int i = 0; i < pixels.size(); i++) {
            pixels.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyPairOfACallHasTheBitsOfItsForwardAndEverySideIsComputedOnce() {
        BridgeTowerModel trunk = model.trunk();
        float[][] alone = new float[6][];
        for (int i = 0; i < 6; i++) {
            alone[i] = model.logits(new int[][] {IDS[i % 3]}, new int[][] {MASK[i % 3]}, pixels.slice(i / 3, 1))[0];
        }
        var before = trunk.usage();
        TextEncoding[] texts = trunk.encodeTexts(IDS, MASK);
        ImageEncoding[] images = trunk.encodeImages(pixels);
        assertSameBits(alone, model.logits(texts, images, Pairing.all(3, 2)));
        int[] text = {2, 0, 0, 1}, image = {1, 1, 0, 0};
        float[][] some = model.logits(texts, images, new Pairing(text, image));
        for (int i = 0; i < text.length; i++) assertArrayEquals(alone[3 * image[i] + text[i]], some[i]);
        var after = trunk.usage();
        assertEquals(3, after.texts() - before.texts());
        assertEquals(2, after.images() - before.images());
        assertEquals(10, after.pairs() - before.pairs());
        close(texts, images);
    }

    @Test
    void tokensArePredictedFromEncodingsAsFromIdsAndPixels() throws IOException {
        int[][] tokens = {{1, 2}, {0}, {3}};
        try (var filling = BridgeTowerForMaskedLM.load(Golden.directory("defaults"), new ModelOptions(2))) {
            TextEncoding[] texts = filling.trunk().encodeTexts(IDS, null);
            ImageEncoding[] images = filling.trunk().encodeImages(pixels.slice(1, 1));
            float[][][] logits = filling.logitsAt(texts, images, Pairing.all(3, 1), tokens);
            for (int i = 0; i < 3; i++) {
                TextInputs text = TextInputs.of(new int[][] {IDS[i]});
                ImageInputs image = ImageInputs.of(pixels.slice(1, 1));
                assertSameBits(filling.logitsAt(text, image, new int[][] {tokens[i]})[0], logits[i]);
            }
            close(texts, images);
        }
    }

    @Test
    void aPairingThatDoesNotFitIsRefused() {
        TextEncoding[] texts = model.trunk().encodeTexts(IDS, null);
        ImageEncoding[] images = model.trunk().encodeImages(pixels);
        assertMessage(
                "pair 1: expected image 0 to 1, found 2",
                () -> model.logits(texts, images, new Pairing(new int[] {0, 1}, new int[] {0, 2})));
        assertMessage(
                "expected as many texts as images, found 1 and 2", () -> new Pairing(new int[] {0}, new int[] {0, 2}));
        assertMessage(
                "expected as many texts as images, found 3 and 2; for other pairs, encode both and give a Pairing",
                () -> model.logits(texts, images));
        close(texts, images);
    }

    @Test
    void closingGivesTheMemoryToTheNextEncoding() throws IOException {
        try (var trunk = BridgeTowerModel.load(Golden.directory("defaults"))) {
            assertEquals(0, trunk.usage().encodingBytes());
            ImageEncoding[] images = trunk.encodeImages(pixels);
            long held = images[0].byteSize() + images[1].byteSize();
            assertEquals(held, trunk.usage().encodingBytes());
            for (int i = 0; i < 5; i++) {
                images[0].close();
                images[0].close();
                images[1].close();
                assertEquals(0, trunk.usage().encodingBytes());
                assertEquals(held, trunk.usage().freeBytes());
                images = trunk.encodeImages(pixels);
                assertEquals(0, trunk.usage().freeBytes());
            }
            close(images);
        }
    }

    @Test
    void useAfterCloseThrows() throws IOException {
        TextEncoding[] texts = model.trunk().encodeTexts(new int[][] {IDS[0]}, null);
        ImageEncoding[] images = model.trunk().encodeImages(pixels.slice(0, 1));
        images[0].close();
        assertThrows(IllegalStateException.class, () -> model.logits(texts, images));
        assertThrows(IllegalStateException.class, () -> model.trunk().fuse(texts, images));
        assertThrows(IllegalStateException.class, () -> images[0].to(EncodingPrecision.F16));
        assertThrows(IllegalStateException.class, () -> images[0].write(directory.resolve("closed")));
        assertFalse(Files.exists(directory.resolve("closed")));
        texts[0].close();
    }

    @Test
    void whatNobodyClosesIsGivenBackWhenItIsNoLongerReachable() throws IOException, InterruptedException {
        try (var trunk = BridgeTowerModel.load(Golden.directory("defaults"))) {
            trunk.encodeImages(pixels);
            assertTrue(trunk.usage().encodingBytes() > 0);
            for (int i = 0; i < 100 && trunk.usage().encodingBytes() > 0; i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertEquals(0, trunk.usage().encodingBytes());
        }
    }

    @Test
    void anEncodingIsClosedByOneThreadWhileOthersScore() throws Exception {
        BridgeTowerModel trunk = model.trunk();
        TextEncoding[] texts = trunk.encodeTexts(IDS, null);
        float[][] expected;
        try (ImageEncoding image = trunk.encodeImages(pixels.slice(0, 1))[0]) {
            expected = model.logits(texts, new ImageEncoding[] {image}, Pairing.all(3, 1));
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            for (int round = 0; round < 30; round++) {
                ImageEncoding[] image = trunk.encodeImages(pixels.slice(0, 1));
                CountDownLatch scored = new CountDownLatch(2);
                List<Future<Integer>> scores = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    scores.add(pool.submit(() -> scoreUntilClosed(texts, image, expected, scored)));
                }
                scored.await();
                pool.submit(image[0]::close).get();
                // Takes over the memory as soon as it is free.
                close(trunk.encodeImages(pixels.slice(1, 1)));
                for (Future<Integer> count : scores) assertTrue(count.get() > 0, "round " + round);
            }
        }
        close(texts);
        assertEquals(0, trunk.usage().encodingBytes());
    }

    /**
     * How often an image was scored, always with the same bits, before it was closed.
     *
     * @param scored is told of the first time
     */
    private static int scoreUntilClosed(
            TextEncoding[] texts, ImageEncoding[] image, float[][] expected, CountDownLatch scored) {
        int count = 0;
        try {
            while (true) {
                assertSameBits(expected, model.logits(texts, image, Pairing.all(3, 1)));
                if (count++ == 0) scored.countDown();
            }
        } catch (IllegalStateException e) {
            return count;
        } finally {
            if (count == 0) scored.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileHoldsTheSameBits(EncodingPrecision precision) throws IOException {
        TextEncoding[] texts = model.trunk().encodeTexts(TextInputs.of(IDS, MASK), precision);
        ImageEncoding[] images = model.trunk().encodeImages(ImageInputs.of(pixels), precision);
        float[][] expected = model.logits(texts, images, Pairing.all(3, 2));
        for (int i = 0; i < 3; i++) {
            texts[i].write(directory.resolve("text" + i));
            texts[i].close();
            texts[i] = TextEncoding.read(directory.resolve("text" + i), model.trunk());
            assertEquals(precision, texts[i].precision());
        }
        for (int i = 0; i < 2; i++) {
            images[i].write(directory.resolve("image"));
            images[i].close();
            images[i] = ImageEncoding.read(directory.resolve("image"), model.trunk());
        }
        assertSameBits(expected, model.logits(texts, images, Pairing.all(3, 2)));
        close(texts, images);
    }

    @Test
    void sixteenBitsAreTheSameWhenEncodedSoOrConvertedAndTakeHalfTheMemory() {
        ImageEncoding[] wide = model.trunk().encodeImages(pixels.slice(0, 1));
        ImageEncoding[] narrow = model.trunk().encodeImages(ImageInputs.of(pixels.slice(0, 1)), EncodingPrecision.F16);
        TextEncoding[] texts = model.trunk().encodeTexts(IDS, null);
        assertTrue(narrow[0].byteSize() <= wide[0].byteSize() * 0.55);
        float[][] expected = model.logits(texts, narrow, Pairing.all(3, 1));
        ImageEncoding[] converted = {wide[0].to(EncodingPrecision.F16)};
        ImageEncoding[] back = {converted[0].to(EncodingPrecision.F32)};
        assertSameBits(expected, model.logits(texts, converted, Pairing.all(3, 1)));
        assertSameBits(expected, model.logits(texts, back, Pairing.all(3, 1)));
        close(texts, wide, narrow, converted, back);
    }

    /** The numbers of {@link EncodingPrecision#F16}'s documentation. */
    @Test
    void sixteenBitsChangeTheScoresOfTheDemoModelByNoMoreThanIsDocumented() throws IOException {
        Path root = Path.of(System.getProperty("bridgetower.root")), demo = root.resolve("models/demo");
        List<RgbImage> images = new ArrayList<>();
        for (int i = 1; i <= 12; i++) images.add(ImageCodec.read(root.resolve("examples/%02d.png".formatted(i))));
        var inputs = BridgeTowerProcessor.load(demo)
                .process(
                        images,
                        List.of(
                                "a large blue square",
                                "two blue squares",
                                "a black square and a yellow cross",
                                "four stars",
                                "a small red circle",
                                "a green triangle on a white background"));
        try (var matching = BridgeTowerForImageAndTextRetrieval.load(demo)) {
            TextInputs texts = TextInputs.of(inputs.texts().inputIds());
            ImageInputs pixels = ImageInputs.of(inputs.images().pixelValues());
            float[][] wide = scores(matching, texts, pixels, EncodingPrecision.F32);
            float[][] narrow = scores(matching, texts, pixels, EncodingPrecision.F16);
            double logit = 0, probability = 0;
            for (int i = 0; i < wide.length; i++) {
                for (int j = 0; j < 2; j++) logit = Math.max(logit, Math.abs(wide[i][j] - narrow[i][j]));
                double change = BridgeTowerForImageAndTextRetrieval.probability(wide[i])
                        - BridgeTowerForImageAndTextRetrieval.probability(narrow[i]);
                probability = Math.max(probability, Math.abs(change));
            }
            assertTrue(logit > 0 && logit <= 0.001, "logits change by " + logit);
            assertTrue(probability <= 0.0001, "probabilities change by " + probability);
        }
    }

    private static float[][] scores(
            BridgeTowerForImageAndTextRetrieval matching,
            TextInputs texts,
            ImageInputs images,
            EncodingPrecision precision) {
        TextEncoding[] encodedTexts = matching.trunk().encodeTexts(texts, precision);
        ImageEncoding[] encodedImages = matching.trunk().encodeImages(images, precision);
        float[][] scores =
                matching.logits(encodedTexts, encodedImages, Pairing.all(encodedTexts.length, encodedImages.length));
        close(encodedTexts, encodedImages);
        return scores;
    }

    @Test
    void anEncodingOutlivesItsModel() throws IOException {
        ImageEncoding[] images;
        try (var other = BridgeTowerModel.load(Golden.directory("defaults"))) {
            images = other.encodeImages(pixels.slice(0, 1));
        }
        images[0].write(directory.resolve("image"));
        TextEncoding[] texts = model.trunk().encodeTexts(IDS, null);
        float[][] expected = model.logits(texts, images, Pairing.all(3, 1));
        images[0].close();
        images[0] = ImageEncoding.read(directory.resolve("image"), model.trunk());
        assertSameBits(expected, model.logits(texts, images, Pairing.all(3, 1)));
        close(texts, images);
    }

    @Test
    void anotherModelsEncodingsAreRefused() throws IOException {
        try (var other = BridgeTowerModel.load(Golden.directory("scaled_add"))) {
            assertNotEquals(model.trunk().fingerprint(), other.fingerprint());
            TextEncoding[] texts = other.encodeTexts(IDS, null);
            ImageEncoding[] images = model.trunk().encodeImages(pixels);
            texts[0].write(directory.resolve("text"));
            var file = assertThrows(
                    MalformedFileException.class, () -> TextEncoding.read(directory.resolve("text"), model.trunk()));
            assertTrue(
                    file.getMessage()
                            .endsWith("bridgetower.model: expected "
                                    + model.trunk().fingerprint() + ", found " + other.fingerprint()),
                    file.getMessage());
            var given =
                    assertThrows(IllegalArgumentException.class, () -> model.logits(texts, images, Pairing.all(3, 2)));
            assertTrue(given.getMessage().startsWith("text 0: encoded by another model"), given.getMessage());
            close(texts, images);
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path file = directory.resolve("file");
        ImageEncoding[] images = model.trunk().encodeImages(pixels.slice(0, 1));
        images[0].write(file);
        close(images);
        var image = assertThrows(MalformedFileException.class, () -> TextEncoding.read(file, model.trunk()));
        assertTrue(image.getMessage().contains("bridgetower.encoding: expected text, found image"), image.getMessage());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertThrows(MalformedFileException.class, () -> ImageEncoding.read(file, model.trunk()));
        Path weights = Golden.directory("defaults").resolve("model.safetensors");
        var none = assertThrows(MalformedFileException.class, () -> ImageEncoding.read(weights, model.trunk()));
        assertTrue(none.getMessage().contains("expected image, found none"), none.getMessage());
    }

    @Test
    void aFingerprintIsOfTheWeightsWhateverTheirFile() throws IOException {
        assertEquals(fingerprint(Golden.directory("defaults")), fingerprint(Golden.directory("pytorch_bin")));
        Conversion.run(Golden.directory("defaults"), directory.resolve("same"), null);
        Conversion.run(Golden.directory("defaults"), directory.resolve("half"), Conversion.Target.F16);
        assertEquals(fingerprint(Golden.directory("defaults")), fingerprint(directory.resolve("same")));
        assertNotEquals(fingerprint(Golden.directory("defaults")), fingerprint(directory.resolve("half")));
    }

    private static String fingerprint(Path model) throws IOException {
        try (var checkpoint = Checkpoint.open(model);
                var trunk = BridgeTowerModel.load(checkpoint, new ModelOptions(1))) {
            return trunk.fingerprint();
        }
    }

    private static void assertSameBits(float[][] expected, float[][] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) assertArrayEquals(expected[i], actual[i], "pair " + i);
    }

    private static void assertMessage(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static void close(UnimodalEncoding[]... encodings) {
        Stream.of(encodings).flatMap(Stream::of).forEach(UnimodalEncoding::close);
    }
}
