package io.bridgetower.processor.image.raster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

public class ResizerTest {
    private static final int ROUNDS = 40;
    private static final int LARGEST = 90;

    public static RgbImage noise(Random random, int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        random.nextBytes(rgb);
        return RgbImage.of(width, height, rgb);
    }

    @ParameterizedTest
    @EnumSource(names = "NEAREST", mode = EnumSource.Mode.EXCLUDE)
    void agreesWithAPlainReference(Resampling filter) {
        Random random = new Random(filter.code());
        for (int round = 0; round < ROUNDS; round++) {
            RgbImage image = noise(random, 1 + random.nextInt(LARGEST), 1 + random.nextInt(LARGEST));
            int width = round % 5 == 0 ? image.width() : 1 + random.nextInt(LARGEST);
            int height = round % 7 == 0 ? image.height() : 1 + random.nextInt(LARGEST);
            byte[] expected = PlainResize.resize(image, width, height, filter);
            RgbImage actual = Resizer.resize(image, width, height, filter);
            assertEquals(width, actual.width());
            assertEquals(height, actual.height());
            assertArrayEquals(expected, actual.rgb(), () -> image + " to " + actual);
        }
    }

    @Test
    void vectorAndScalarPassesGiveTheSameBytes() {
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            RgbImage image = noise(random, 1 + random.nextInt(300), 1 + random.nextInt(20));
            ResampleWeights weights = ResampleWeights.of(image.width(), 1 + random.nextInt(200), Resampling.LANCZOS);
            assertArrayEquals(
                    ResampleKernel.horizontalScalar(image.rgb(), image.width(), image.height(), weights),
                    ResampleKernel.horizontal(image.rgb(), image.width(), image.height(), weights));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFlatImageStaysFlat(Resampling filter) {
        byte[] rgb = new byte[31 * 17 * 3];
        Arrays.fill(rgb, (byte) 0xff);
        byte[] expected = new byte[50 * 9 * 3];
        Arrays.fill(expected, (byte) 0xff);
        assertArrayEquals(
                expected,
                Resizer.resize(RgbImage.of(31, 17, rgb), 50, 9, filter).rgb());
    }

    @Test
    void nearestTakesThePixelUnderTheCentre() {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            // Powers of two, so that the running sum of the steps is exact.
            RgbImage image = noise(random, 1 << random.nextInt(7), 1 << random.nextInt(7));
            int width = 1 << random.nextInt(7);
            int height = 1 << random.nextInt(7);
            byte[] actual =
                    Resizer.resize(image, width, height, Resampling.NEAREST).rgb();
            byte[] source = image.rgb();
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int from = (2 * y + 1) * image.height() / (2 * height) * image.width()
                            + (2 * x + 1) * image.width() / (2 * width);
                    assertEquals(source[from * 3 + 1], actual[(y * width + x) * 3 + 1]);
                }
            }
        }
    }

    @Test
    void theSameSizeIsTheSameImage() {
        RgbImage image = noise(new Random(0), 5, 4);
        assertSame(image, Resizer.resize(image, 5, 4, Resampling.BICUBIC));
    }
}
