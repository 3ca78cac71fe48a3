package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of {@code codecs/}, made by the script there, have the pixels that Pillow reads from them. */
public class PillowPixelsTest {
    public static Path file(String name) {
        try {
            return Path.of(PillowPixelsTest.class
                            .getResource("/codecs/pixels.txt")
                            .toURI())
                    .resolveSibling(name);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> lines() throws IOException {
        return Files.readAllLines(file("pixels.txt"));
    }

    /** @param line name, width, height and the SHA-256 of the RGB bytes */
    @ParameterizedTest
    @MethodSource("lines")
    void pixelsAreThoseOfPillow(String line) throws Exception {
        String name = line.substring(0, line.indexOf(' '));
        RgbImage image = ImageCodec.read(file(name));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(image.rgb());
        String found = HexFormat.of().formatHex(digest);
        assertEquals(line, "%s %d %d %s".formatted(name, image.width(), image.height(), found));
    }

    @Test
    void everyFileIsListed() throws IOException {
        List<String> listed = lines();
        try (var files = Files.list(file("."))) {
            List<String> missing = files.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("lossy") && !name.equals("make.py") && !name.equals("pixels.txt"))
                    .filter(name -> listed.stream().noneMatch(line -> line.startsWith(name + " ")))
                    .toList();
            assertEquals(List.of(), missing);
        }
    }

    /** The reader repeats chroma samples where libwebp interpolates them: that may differ, and nothing else. */
    @ParameterizedTest
    @CsvSource({
        "lossy_grey.webp,   0.2,   6",
        "lossy_smooth.webp, 2,    12",
        "lossy_low.webp,    2.5,  25",
        "lossy.webp,        8,    85",
        "lossy_alpha.webp,  8,    85"
    })
    void lossyWebpStaysWithinItsBounds(String name, double mean, int most) throws IOException {
        RgbImage image = ImageCodec.read(file(name));
        RgbImage expected = ImageCodec.read(file(name + ".png"));
        assertEquals(expected.toString(), image.toString());
        long sum = 0;
        int largest = 0;
        for (int i = 0; i < image.pixels().length; i++) {
            int difference = Math.abs((image.pixels()[i] & 0xff) - (expected.pixels()[i] & 0xff));
            sum += difference;
            largest = Math.max(largest, difference);
        }
        assertTrue(sum <= mean * image.pixels().length, "mean difference " + (double) sum / image.pixels().length);
        assertTrue(largest <= most, "largest difference " + largest);
    }
}
