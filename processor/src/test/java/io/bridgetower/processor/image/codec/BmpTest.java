package io.bridgetower.processor.image.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.ImageCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Run lengths that Pillow misreads or refuses: expected is what the format says. */
class BmpTest {
    private static final int COLORS = 16;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;

    /** Four by three pixels, from the lowest row on, whose colours are greys of 10 times their index. */
    private static byte[] file(int compression, int... runs) {
        int start = 54 + 4 * COLORS;
        ByteBuffer bmp = ByteBuffer.allocate(start + runs.length).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B')
                .put((byte) 'M')
                .putInt(start + runs.length)
                .putInt(0)
                .putInt(start);
        bmp.putInt(40).putInt(4).putInt(3).putShort((short) 1).putShort((short) (compression == RLE8 ? 8 : 4));
        bmp.putInt(compression).putInt(0).putInt(0).putInt(0).putInt(COLORS).putInt(0);
        for (int i = 0; i < COLORS; i++) bmp.putInt(0x0a0a0a * i);
        for (int run : runs) bmp.put((byte) run);
        return bmp.array();
    }

    private static void assertIndices(byte[] file, int... expected) throws IOException {
        byte[] rgb = ImageCodec.decode(file, "test.bmp").rgb();
        int[] indices = new int[rgb.length / 3];
        for (int i = 0; i < indices.length; i++) indices[i] = rgb[3 * i] / 10;
        assertArrayEquals(expected, indices);
    }

    @Test
    void skippedPixelsTakeTheFirstColour() throws IOException {
        int[] blankRow = {4, 1, 0, 0, 0, 0, 4, 3, 0, 1};
        assertIndices(file(RLE8, blankRow), 3, 3, 3, 3, 0, 0, 0, 0, 1, 1, 1, 1);
        int[] step = {1, 1, 0, 2, 1, 2, 2, 3, 0, 1};
        assertIndices(file(RLE8, step), 0, 0, 3, 3, 0, 0, 0, 0, 1, 0, 0, 0);
        int[] shortLastRow = {4, 1, 0, 0, 4, 2, 0, 0, 1, 3, 0, 1};
        assertIndices(file(RLE8, shortLastRow), 3, 0, 0, 0, 2, 2, 2, 2, 1, 1, 1, 1);
    }

    @Test
    void stretchesOfAnOddNumberOfPixelsArePadded() throws IOException {
        int[] nibbles = {0, 3, 0x12, 0x30, 1, 0x40, 0, 0, 4, 0x56, 0, 0, 4, 0x77, 0, 1};
        assertIndices(file(RLE4, nibbles), 7, 7, 7, 7, 5, 6, 5, 6, 1, 2, 3, 4);
        int[] bytes = {0, 3, 1, 2, 3, 0, 1, 4, 0, 0, 4, 5, 0, 0, 4, 7, 0, 1};
        assertIndices(file(RLE8, bytes), 7, 7, 7, 7, 5, 5, 5, 5, 1, 2, 3, 4);
    }

    @Test
    void missingRowsAreDamage() {
        for (int[] runs : new int[][] {{4, 1, 0, 0, 4, 2, 0, 1}, {4, 1, 0, 0, 4, 2}, {4, 1, 0, 0, 0, 200, 1, 2}, {}}) {
            String message = assertThrows(
                            MalformedFileException.class, () -> ImageCodec.decode(file(RLE8, runs), "test.bmp"))
                    .getMessage();
            assertTrue(message.startsWith("test.bmp: ") && message.contains("truncated"), message);
        }
    }
}
