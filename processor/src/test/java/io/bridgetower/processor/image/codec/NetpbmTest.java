package io.bridgetower.processor.image.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.PillowPixelsTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PBM, PGM and PPM files beside those that Pillow has read for {@link PillowPixelsTest}. */
class NetpbmTest {
    private static byte[] decode(String file) throws IOException {
        return ImageCodec.decode(file.getBytes(StandardCharsets.ISO_8859_1), "test.pnm")
                .rgb();
    }

    @Test
    void numbersMayBeFollowedByAnyWhiteSpaceAndByComments() throws IOException {
        assertArrayEquals(new byte[] {1, 2, 3}, decode("P6\t1\r1\013255\f\1\2\3more"));
        assertArrayEquals(new byte[] {5, 6, 7}, decode("P3 1 1 255\n5# x\r\n 6 7"));
        assertArrayEquals(new byte[] {'#', '#', '#'}, decode("P5 1#\n 1 255\n#"));
    }

    @Test
    void aCommentDoesNotEndANumber() throws IOException {
        assertArrayEquals(new byte[] {12, 12, 12}, decode("P2 1 1 255\n1#\n2"));
    }

    @Test
    void halvesAreRoundedToEvenNumbers() throws IOException {
        assertArrayEquals(new byte[] {(byte) 128, (byte) 128, (byte) 128}, decode("P5 1 1 2\n\1"));
        // 5 * 255 / 102 = 12.5
        assertArrayEquals(new byte[] {12, 12, 12}, decode("P5 1 1 102\n\5"));
    }

    @ParameterizedTest
    @CsvSource({
        "'P6 2 2 255\n12345678901', truncated",
        "'P5 2 2 65535\n1234567', truncated",
        "'P4 9 2\n123', truncated",
        "'P1 2 2 1 1 1', truncated",
        "'P3 1 1 255 1 2', truncated",
        "'P2 2 1 255 1 x', expected a number",
        "'P2 2 1 9 1 10', 'found 10, expected at most 9'",
        "'P1 2 1 12   ', neither 0 nor 1",
        "'P5 2 1 0\n12', 'expected 1 to 65535, found 0'",
        "'P5 2 1 65536\n1234', 'expected 1 to 65535, found 65536'",
        "'P5 0 1 255\n', no pixels",
        "'P5 -2 1 255\n12', expected a number",
        "'P5 12345678901 1 255\n12', expected a number",
        "'P5 2 ', truncated",
        "'P5 2 1 255#', truncated",
        "'P7 2 1 255 1234', not an image",
        "'P52 1 255 1234', not an image"
    })
    void damageIsNamed(String file, String expected) {
        String message =
                assertThrows(MalformedFileException.class, () -> decode(file)).getMessage();
        assertTrue(message.startsWith("test.pnm: ") && message.contains(expected), message);
    }
}
