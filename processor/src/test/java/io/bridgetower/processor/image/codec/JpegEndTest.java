package io.bridgetower.processor.image.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.PillowPixelsTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JPEG whose rows are all there is read, with the marker of its end or without; one that is cut off is not. */
class JpegEndTest {
    private static final int END = 2;

    private static byte[] read(String name) throws IOException {
        byte[] file = Files.readAllBytes(PillowPixelsTest.file(name));
        assertEquals(0xffd9, (file[file.length - 2] & 0xff) << 8 | file[file.length - 1] & 0xff);
        return file;
    }

    private static byte[] join(byte[] file, int length, int... more) {
        byte[] joined = Arrays.copyOf(file, length + more.length);
        for (int i = 0; i < more.length; i++) joined[length + i] = (byte) more[i];
        return joined;
    }

    private static byte[] pixels(byte[] file) throws IOException {
        return ImageCodec.decode(file, "end.jpg").rgb();
    }

    private static void assertTruncated(byte[] file) {
        String message =
                assertThrows(MalformedFileException.class, () -> pixels(file)).getMessage();
        assertTrue(message.startsWith("end.jpg: ") && message.contains("truncated"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sampling_2x1.jpg",
                "restart_rows.jpg",
                "restart_blocks.jpg",
                "grey_restart.jpg",
                "ycck.jpg",
                "scans.jpg",
                "progressive_2x1.jpg",
                "progressive_1x2.jpg"
            })
    void theEndMayBeMissing(String name) throws IOException {
        byte[] file = read(name);
        byte[] expected = pixels(file);
        int end = file.length - END;
        assertArrayEquals(expected, pixels(join(file, end)));
        assertArrayEquals(expected, pixels(join(file, end, 0xff)));
        assertArrayEquals(expected, pixels(join(file, end, 0xff, 0xff, 0xff, 0xd9)));
        assertArrayEquals(expected, pixels(join(file, end, 0, 1, 2, 3)));
        assertArrayEquals(expected, pixels(join(file, end, 0, 1, 0xff, 0xd9)));
        assertArrayEquals(expected, pixels(join(file, end, 0xff, 0xfe, 0, 99, 'c')));
        assertArrayEquals(expected, pixels(join(file, end, 0xff, 0xfe)));
        assertArrayEquals(expected, pixels(join(file, file.length, 0, 1, 0xff, 0xda)));
        assertTruncated(join(file, end - 10));
        assertTruncated(join(file, end * 2 / 3));
    }

    /** Behind the last whole interval nothing tells that rows are missing, but for their number. */
    @ParameterizedTest
    @ValueSource(strings = {"restart_rows.jpg", "restart_blocks.jpg", "grey_restart.jpg"})
    void aFileCutOffBeforeARestartMarkerIsTruncated(String name) throws IOException {
        byte[] file = read(name);
        int intervals = 0;
        for (int at = 0; at < file.length - 1; at++) {
            if (file[at] != -1 || (file[at + 1] & 0xf8) != 0xd0) continue;
            assertTruncated(Arrays.copyOf(file, at));
            assertTruncated(Arrays.copyOf(file, at + 2));
            intervals++;
        }
        assertTrue(intervals > 1);
    }

    /** A scan that is missing brings some of the rows, or some of the bits. */
    @ParameterizedTest
    @ValueSource(strings = {"scans.jpg", "progressive_2x1.jpg"})
    void aFileCutOffBetweenScansIsTruncated(String name) throws IOException {
        byte[] file = read(name);
        int scans = 0;
        for (int at = 0; at < file.length - 1; at++) {
            if (file[at] != -1 || (file[at + 1] & 0xff) != 0xda || scans++ == 0) continue;
            assertTruncated(Arrays.copyOf(file, at));
        }
        assertTrue(scans > 2);
    }

    @Test
    void aFileWithoutAScanIsTruncated() throws IOException {
        byte[] file = read("sampling_2x1.jpg");
        for (int length = 3; length < 600; length += 7) assertTruncated(Arrays.copyOf(file, length));
    }
}
