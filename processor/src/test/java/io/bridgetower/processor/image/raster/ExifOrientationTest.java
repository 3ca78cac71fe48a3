package io.bridgetower.processor.image.raster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.processor.image.ImageCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which orientation Pillow 9.4 finds in data that no camera writes. */
class ExifOrientationTest {
    private static final int TAG = 0x112;
    private static final int TURNED = 6;

    /** One directory, whose entries are given as tag, type, count and four bytes of value. */
    private static byte[] exif(ByteOrder order, long... entries) {
        ByteBuffer exif = ByteBuffer.allocate(64).order(order);
        exif.putShort((short) (order == ByteOrder.LITTLE_ENDIAN ? 0x4949 : 0x4d4d));
        exif.putShort((short) 42).putInt(8).putShort((short) (entries.length / 4));
        for (int i = 0; i < entries.length; i += 4) {
            exif.putShort((short) entries[i]).putShort((short) entries[i + 1]).putInt((int) entries[i + 2]);
            exif.putInt((int) entries[i + 3]);
        }
        return exif.array();
    }

    private static int find(byte[] exif) {
        return ExifOrientation.find(exif, 0, exif.length);
    }

    @ParameterizedTest
    @CsvSource({"3, 393216, 6", "4, 6, 6", "6, 100663296, 6", "8, 393216, 6", "9, 6, 6", "11, 1086324736, 6", "13, 6, 6"
    })
    void numbersOfEveryTypeCount(int type, int value, int orientation) {
        assertEquals(orientation, find(exif(ByteOrder.BIG_ENDIAN, TAG, type, 1, value)));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "7", "14", "99"})
    void whatIsNoNumberDoesNot(int type) {
        assertEquals(ExifOrientation.NORMAL, find(exif(ByteOrder.LITTLE_ENDIAN, TAG, type, 1, TURNED)));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 12})
    void numbersMayLieElsewhere(int type) {
        byte[] exif = exif(ByteOrder.BIG_ENDIAN, TAG, type, 1, 40);
        ByteBuffer value = ByteBuffer.wrap(exif).position(40);
        if (type == 12) value.putDouble(TURNED);
        else value.putInt(2 * TURNED).putInt(2);
        assertEquals(TURNED, find(exif));
        byte[] outside = exif(ByteOrder.BIG_ENDIAN, TAG, type, 1, 57);
        assertEquals(ExifOrientation.NORMAL, find(outside));
    }

    @Test
    void theLastTagDecidesAndDamageEndsTheSearch() {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        assertEquals(TURNED, find(exif(order, TAG, 3, 1, 1, TAG, 3, 1, TURNED)));
        assertEquals(ExifOrientation.NORMAL, find(exif(order, TAG, 3, 1, TURNED, TAG, 3, 1, 9)));
        assertEquals(TURNED, find(exif(order, TAG, 3, 1, TURNED, TAG, 3, 0, 1)), "a tag without a value");
        assertEquals(TURNED, find(exif(order, TAG, 3, 1, TURNED, 0x100, 2, 5000, 9, TAG, 3, 1, 1)));
        assertEquals(TURNED, find(exif(order, 0x100, 99, 5000, 9, TAG, 3, 1, TURNED)), "an unknown type");
        assertEquals(TURNED, find(exif(order, TAG, 3, 2, TURNED)), "the first of two");
    }

    @Test
    void theFirstExifSegmentOfAJpegDecides() throws IOException {
        byte[] turned = exif(ByteOrder.BIG_ENDIAN, TAG, 4, 1, TURNED);
        byte[] straight = exif(ByteOrder.BIG_ENDIAN);
        assertEquals(5, jpeg(turned, straight).width());
        assertEquals(9, jpeg(straight, turned).width());
        turned[3] = 7;
        assertEquals(9, jpeg(turned).width(), "not the version of TIFF");
    }

    private static RgbImage jpeg(byte[]... exifs) throws IOException {
        byte[] plain = RgbImageTest.encode(ResizerTest.noise(new Random(4), 9, 5), "jpeg");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, 2);
        for (byte[] exif : exifs) {
            file.write(new byte[] {-1, (byte) 0xe1, 0, (byte) (2 + 6 + exif.length)});
            file.write("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1));
            file.write(exif);
        }
        file.write(plain, 2, plain.length - 2);
        return ImageCodec.decode(file.toByteArray(), "test.jpg");
    }
}
