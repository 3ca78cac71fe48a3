package io.bridgetower.processor.image;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.ResizerTest;
import io.bridgetower.processor.image.raster.RgbImageTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged image decodes to something or gives the documented exception, and nothing else. */
class DamagedImageTest {
    private static final int ROUNDS = 300;
    private static final ImageReadOptions LIMITS =
            ImageReadOptions.DEFAULT.withLimits(new ImageLimits(1 << 20, 1 << 24));

    static Stream<Path> images() throws Exception {
        Path folder = ImageProcessorCasesTest.images();
        Stream<Path> cases = Stream.of(
                        "palette.png",
                        "rgb_40x30.png",
                        "jpeg_420.jpg",
                        "jpeg_progressive.jpg",
                        "jpeg_cmyk.jpg",
                        "jpeg_exif6.jpg")
                .map(folder::resolve);
        Stream<Path> codecs = Stream.of(
                        "adam7_rgb.png",
                        "animation_small_frame.webp",
                        "group4.tif",
                        "interlaced_37.gif",
                        "lossless.webp",
                        "lossy.webp",
                        "plain.ppm",
                        "restart_rows.jpg",
                        "rgb_1023.ppm",
                        "rle4.bmp",
                        "rle8.bmp",
                        "scans.jpg",
                        "tiff_lzw.tif",
                        "ycck.jpg")
                .map(PillowPixelsTest::file);
        return Stream.concat(cases, codecs);
    }

    static Stream<String> formats() {
        return Stream.of("gif", "bmp", "tiff", "png", "jpeg");
    }

    @ParameterizedTest
    @MethodSource("images")
    void filesCutShort(Path file) throws IOException {
        byte[] data = Files.readAllBytes(file);
        Random random = new Random(11);
        for (int round = 0; round < ROUNDS / 3; round++) decode(Arrays.copyOf(data, random.nextInt(data.length)));
        Assertions.assertThrows(
                MalformedFileException.class, () -> ImageCodec.decode(Arrays.copyOf(data, data.length / 2), "half"));
    }

    @ParameterizedTest
    @MethodSource("images")
    void filesWithWrongBytes(Path file) throws IOException {
        mutate(Files.readAllBytes(file));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void smallFilesWithWrongBytes(String format) throws IOException {
        mutate(RgbImageTest.encode(ResizerTest.noise(new Random(1), 12, 9), format));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void halfAFileIsTruncated(String format) throws IOException {
        byte[] data = RgbImageTest.encode(ResizerTest.noise(new Random(1), 40, 30), format);
        Assertions.assertThrows(
                MalformedFileException.class, () -> ImageCodec.decode(Arrays.copyOf(data, data.length / 2), "half"));
    }

    private static void mutate(byte[] data) throws IOException {
        Random random = new Random(data.length);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] copy = data.clone();
            // Half of the damage goes to the headers.
            int reach = random.nextBoolean() ? Math.min(copy.length, 200) : copy.length;
            for (int i = random.nextInt(4); i >= 0; i--) copy[random.nextInt(reach)] = (byte) random.nextInt();
            decode(copy);
        }
    }

    private static void decode(byte[] data) throws IOException {
        try {
            ImageCodec.decode(data, "damaged", LIMITS);
        } catch (MalformedFileException expected) {
            Assertions.assertTrue(expected.getMessage().startsWith("damaged: "), expected.getMessage());
        }
    }
}
