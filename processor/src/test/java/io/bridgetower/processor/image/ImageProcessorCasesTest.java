package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every picture of {@code images/cases.json} against what Hugging Face's processor made of it. */
class ImageProcessorCasesTest {
    /** Rounding of single precision after normalizing. */
    private static final double ROUNDING = 1e-6;

    /** JPEG decoders may differ: by this many 255ths at a pixel, */
    private static final double JPEG_LARGEST = 2;

    /** and by this many on average. */
    private static final double JPEG_MEAN = 0.3;

    static Path images() throws URISyntaxException {
        return Path.of(ImageProcessorCasesTest.class.getResource("/images/cases.json").toURI()).getParent();
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
            assumeTrue(folder != null, example.image() + " is not part of the repository and no shared folder holds it");
        }
        RgbImage image = RgbImage.read(folder.resolve(example.image()));
        ImageProcessor processor = new ImageProcessor(example.config());
        if (example.error() != null) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> processor.preprocess(List.of(image)));
            assertTrue(e.getMessage().startsWith(example.error()), e.getMessage());
            return;
        }
        SafetensorsFile expected = new SafetensorsFile(folder.resolve(example.expected()));
        compareDecoded(example, image, expected.get("decoded_rgb"));
        try (Arena arena = Arena.ofConfined()) {
            PixelBatch batch = processor.preprocess(arena, List.of(image));
            compareValues(example, batch, expected);
            assertArrayEquals(expected.floats("pixel_mask"), batch.pixelMask().toArray());
        }
    }

    private static void compareDecoded(ImageCase example, RgbImage image, SafetensorsFile.Entry expected) {
        if (expected == null || expected.bytes().capacity() == 0) return;
        assertEquals(expected.shape(), List.of(image.height(), image.width(), 3));
        byte[] rgb = image.rgb();
        int largest = 0;
        for (int i = 0; i < rgb.length; i++) {
            largest = Math.max(largest, Math.abs((rgb[i] & 0xff) - (expected.bytes().get(i) & 0xff)));
        }
        assertTrue(largest <= (example.jpeg() ? JPEG_LARGEST : 0), "decoded bytes differ by up to " + largest);
    }

    private static void compareValues(ImageCase example, PixelBatch batch, SafetensorsFile file) {
        assertEquals(file.get("pixel_values").shape(), Arrays.stream(batch.pixelValues().shape()).boxed().toList());
        float[] expected = file.floats("pixel_values");
        float[] actual = batch.pixelValues().toArray();
        double largest = 0;
        double sum = 0;
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs(actual[i] - expected[i]);
            if (example.jpeg()) difference *= 255 * example.config().imageStd().get(i / (actual.length / 3));
            largest = Math.max(largest, difference);
            sum += difference;
        }
        assertTrue(largest <= (example.jpeg() ? JPEG_LARGEST : ROUNDING), "largest difference " + largest);
        assertTrue(sum / actual.length <= (example.jpeg() ? JPEG_MEAN : ROUNDING), "mean " + sum / actual.length);
    }

    /** A folder of pictures that may not be passed on, kept beside the checkout. */
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
