package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bridgetower.processor.image.raster.RgbImage;
import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every image of {@code images/cases.json} against what Hugging Face's processor made of it. Decoded bytes are
 * equal, JPEG included.
 */
class ImageProcessorCasesTest {
    /** Rounding of single precision after normalizing. */
    private static final double ROUNDING = 1e-6;

    static Path images() throws URISyntaxException {
        return Path.of(ImageProcessorCasesTest.class
                        .getResource("/images/cases.json")
                        .toURI())
                .getParent();
    }

    static List<ImageCase> cases() throws Exception {
        return ImageCase.readAll(images().resolve("cases.json"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheReference(ImageCase example) throws Exception {
        Path folder = images();
        if (!Files.exists(folder.resolve(example.image()))) {
            folder = sharedImages();
            assumeTrue(
                    folder != null, example.image() + " is not part of the repository and no shared folder holds it");
        }
        RgbImage image = ImageCodec.read(folder.resolve(example.image()));
        ImageProcessor processor = new ImageProcessor(example.config());
        if (example.error() != null) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> processor.preprocess(List.of(image)));
            assertTrue(e.getMessage().contains(example.error()), e.getMessage());
            return;
        }
        SafetensorsFile expected = new SafetensorsFile(folder.resolve(example.expected()));
        compareDecoded(image, expected.get("decoded_rgb"));
        try (Arena arena = Arena.ofConfined()) {
            PixelBatch batch = processor.preprocess(arena, List.of(image));
            compareValues(batch, expected);
            assertArrayEquals(expected.floats("pixel_mask"), batch.pixelMask().toArray());
        }
    }

    private static void compareDecoded(RgbImage image, SafetensorsFile.Entry expected) {
        if (expected == null || expected.bytes().capacity() == 0) return;
        assertEquals(expected.shape(), List.of(image.height(), image.width(), 3));
        byte[] rgb = image.rgb();
        int largest = 0;
        for (int i = 0; i < rgb.length; i++) {
            largest = Math.max(
                    largest, Math.abs((rgb[i] & 0xff) - (expected.bytes().get(i) & 0xff)));
        }
        assertEquals(0, largest, "decoded bytes differ by up to " + largest);
    }

    private static void compareValues(PixelBatch batch, SafetensorsFile file) {
        assertEquals(
                file.get("pixel_values").shape(),
                Arrays.stream(batch.pixelValues().shape()).boxed().toList());
        float[] expected = file.floats("pixel_values");
        float[] actual = batch.pixelValues().toArray();
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs(actual[i] - expected[i]);
            largest = Math.max(largest, difference);
        }
        assertTrue(largest <= ROUNDING, "largest difference " + largest);
    }

    /** A folder of images that may not be passed on, kept beside the checkout. */
    private static Path sharedImages() {
        String property = System.getProperty("bridgetower.shared");
        if (property != null) return Path.of(property, "images");
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path shared = folder.resolve("shared/images");
            if (Files.exists(shared.resolve("cases.json"))) return shared;
        }
        return null;
    }
}
