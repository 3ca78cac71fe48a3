package io.bridgetower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.ImageBatches.Input;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ImageBatchesTest {
    private static final String SQUARE = "a large blue square";

    private static BridgeTower bridgeTower;

    @BeforeAll
    static void load() throws IOException {
        bridgeTower = BridgeTower.load(Demo.MODEL);
    }

    @AfterAll
    static void close() {
        bridgeTower.close();
    }

    private static Image image(int number) {
        try {
            return Demo.image(number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void vectorsOfAllKindsAreInTheOrderOfTheInputs() {
        List<float[]> vectors = ImageBatches.embed(
                bridgeTower,
                List.of(
                        new Input(SQUARE, () -> image(2)),
                        new Input(null, () -> image(1)),
                        new Input(SQUARE, null),
                        new Input(null, () -> image(3))));
        assertArrayEquals(bridgeTower.embed(image(2), SQUARE), vectors.get(0));
        assertArrayEquals(bridgeTower.embed(image(1)), vectors.get(1));
        assertArrayEquals(bridgeTower.embed(SQUARE), vectors.get(2));
        assertArrayEquals(bridgeTower.embed(image(3)), vectors.get(3));
        assertEquals(List.of(), ImageBatches.embed(bridgeTower, List.of()));
        assertEquals(List.of(), ImageBatches.match(bridgeTower, SQUARE, List.of()));
    }

    @Test
    void imagesAreReadWhenTheirBatchIs() {
        long before = bridgeTower.model().usage().pairs();
        List<Long> computed = new ArrayList<>();
        List<Supplier<Image>> images = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            int number = i % 12 + 1;
            images.add(() -> {
                computed.add(bridgeTower.model().usage().pairs() - before);
                return image(number);
            });
        }
        List<Double> matches = ImageBatches.match(bridgeTower, SQUARE, images);
        for (int i = 0; i < 18; i++) assertEquals(i < 16 ? 0L : 16L, computed.get(i), "pairs before image " + i);
        assertEquals(matches.get(0), matches.get(12));
        assertEquals(1, matches.stream().limit(12).filter(match -> match > 0.5).count());
        assertEquals(bridgeTower.score(image(2), SQUARE).probability(), matches.get(1));
    }

    @Test
    void whatASupplierThrowsEndsTheComputation() {
        Supplier<Image> missing = () -> image(99);
        assertThrows(
                UncheckedIOException.class, () -> ImageBatches.embed(bridgeTower, List.of(new Input(null, missing))));
        assertThrows(UncheckedIOException.class, () -> ImageBatches.match(bridgeTower, SQUARE, List.of(missing)));
    }

    @Test
    void anInputHasATextOrAnImage() {
        assertEquals(
                "input: expected a text or an image, found neither",
                assertThrows(IllegalArgumentException.class, () -> new Input(null, null))
                        .getMessage());
    }
}
