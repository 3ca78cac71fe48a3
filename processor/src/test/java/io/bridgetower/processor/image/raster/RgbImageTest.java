package io.bridgetower.processor.image.raster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.ImageCodec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class RgbImageTest {
    /** A small image with eight different corners and edges. */
    private static RgbImage sample() {
        return ResizerTest.noise(new Random(5), 3, 2);
    }

    private static BufferedImage awt(RgbImage image, int type) {
        BufferedImage result = new BufferedImage(image.width(), image.height(), type);
        byte[] rgb = image.rgb();
        for (int i = 0; i < image.width() * image.height(); i++) {
            int color = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
            result.setRGB(i % image.width(), i / image.width(), 0xff000000 | color);
        }
        return result;
    }

    public static byte[] encode(RgbImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(awt(image, BufferedImage.TYPE_3BYTE_BGR), format, bytes));
        return bytes.toByteArray();
    }

    public static byte[] png(int width, int height, int depth, int type, byte[] chunks, int... raw) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
            for (int value : raw) out.write(value);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
        file.writeBytes(chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) depth)
                        .put((byte) type)
                        .array()));
        file.writeBytes(chunks);
        file.writeBytes(chunk("IDAT", packed.toByteArray()));
        file.writeBytes(chunk("IEND", new byte[0]));
        return file.toByteArray();
    }

    public static byte[] chunk(String type, byte[] body) {
        byte[] typed = ByteBuffer.allocate(4 + body.length)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .put(body)
                .array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        return ByteBuffer.allocate(12 + body.length)
                .putInt(body.length)
                .put(typed)
                .putInt((int) crc.getValue())
                .array();
    }

    private static void assertPixels(byte[] file, int... expected) throws IOException {
        byte[] bytes = new byte[expected.length];
        for (int i = 0; i < expected.length; i++) bytes[i] = (byte) expected[i];
        assertArrayEquals(bytes, ImageCodec.decode(file, "test").rgb());
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void losslessFormatsKeepTheirBytes(String format) throws IOException {
        RgbImage image = ResizerTest.noise(new Random(3), 37, 23);
        RgbImage decoded = ImageCodec.read(new ByteArrayInputStream(encode(image, format)), "stream");
        assertEquals(37, decoded.width());
        assertArrayEquals(image.rgb(), decoded.rgb());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_INT_BGR,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_INT_ARGB_PRE
            })
    void awtImagesOfEveryLayoutGiveTheSameBytes(int type) {
        assertArrayEquals(
                sample().rgb(), ImageCodec.convert(awt(sample(), type)).rgb());
    }

    @Test
    void partsOfAnAwtImageAreReadWhereTheyLie() {
        RgbImage image = ResizerTest.noise(new Random(9), 9, 8);
        BufferedImage part = awt(image, BufferedImage.TYPE_3BYTE_BGR).getSubimage(2, 3, 4, 5);
        RgbImage actual = ImageCodec.convert(part);
        assertArrayEquals(
                Arrays.copyOfRange(image.rgb(), (3 * 9 + 2) * 3, (3 * 9 + 6) * 3), Arrays.copyOf(actual.rgb(), 12));
        assertEquals(5, actual.height());
    }

    @Test
    void awtGreysAreNotMadeLighter() {
        BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 100);
        assertArrayEquals(new byte[] {100, 100, 100}, ImageCodec.convert(grey).rgb());
    }

    /** What Pillow 9.4 makes of the same files. */
    @Test
    void pngSamplesOfEveryDepthAreThoseOfPillow() throws IOException {
        byte[] none = {};
        assertPixels(png(4, 1, 1, 0, none, 0, 0x50), 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255);
        assertPixels(png(4, 1, 2, 0, none, 0, 0x1b), 0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255);
        assertPixels(png(2, 1, 4, 0, none, 0, 0x3c), 51, 51, 51, 204, 204, 204);
        assertPixels(png(3, 1, 16, 0, none, 0, 0, 5, 0, 255, 7, 0), 5, 5, 5, 255, 255, 255, 255, 255, 255);
        assertPixels(png(1, 1, 16, 2, none, 0, 0x12, 0xff, 0x34, 0x80, 0x56, 0xff), 0x12, 0x34, 0x56);
        assertPixels(png(2, 1, 16, 4, none, 0, 0x12, 0x34, 0, 5, 0xab, 0xcd, 0, 6), 18, 18, 18, 171, 171, 171);
        assertPixels(png(1, 1, 8, 6, none, 0, 1, 2, 3, 0), 1, 2, 3);
        byte[] palette = chunk("PLTE", new byte[] {10, 20, 30, 40, 50, 60});
        assertPixels(png(4, 1, 8, 3, palette, 0, 0, 1, 2, 200), 10, 20, 30, 40, 50, 60, 2, 2, 2, 200, 200, 200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void orientationMovesTheStoredCornerToItsPlace(int orientation) throws IOException {
        byte[] exif = ByteBuffer.allocate(26)
                .putInt(0x4d4d002a)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .array();
        byte[] raw = {0, 1, 2, 3, 0, 4, 5, 6};
        int[] row = new int[raw.length];
        for (int i = 0; i < row.length; i++) row[i] = raw[i];
        RgbImage image = ImageCodec.decode(png(3, 2, 8, 0, chunk("eXIf", exif), row), "test");
        StringBuilder seen = new StringBuilder();
        byte[] rgb = image.rgb();
        for (int i = 0; i < rgb.length; i += 3) {
            seen.append(rgb[i]);
            if (i / 3 % image.width() == image.width() - 1) seen.append('/');
        }
        String expected = switch (orientation) {
            case 1 -> "123/456/";
            case 2 -> "321/654/";
            case 3 -> "654/321/";
            case 4 -> "456/123/";
            case 5 -> "14/25/36/";
            case 6 -> "41/52/63/";
            case 7 -> "63/52/41/";
            default -> "36/25/14/";
        };
        assertEquals(expected, seen.toString());
    }

    @Test
    void aFirstFrameOfGifIsPlacedOnItsScreen() throws IOException {
        int[] file = {
            'G', 'I', 'F', '8', '9', 'a', 3, 0, 2, 0, 0x80, 0, 0, 10, 11, 12, 20, 21, 22, ',', 1, 0, 1, 0, 1, 0, 1, 0,
            0, 2, 2, 0x4c, 0x01, 0, ';'
        };
        byte[] bytes = new byte[file.length];
        for (int i = 0; i < file.length; i++) bytes[i] = (byte) file[i];
        assertPixels(bytes, 10, 11, 12, 10, 11, 12, 10, 11, 12, 10, 11, 12, 20, 21, 22, 10, 11, 12);
    }

    /** Three by two colours, lossless, with an orientation of 6: a quarter turn to the right. */
    @Test
    void webpIsReadAndTurned() throws IOException {
        byte[] file = Base64.getDecoder()
                .decode("UklGRoAAAABXRUJQVlA4WAoAAAAIAAAAAgAAAQAAVlA4TD8AAAAvAkAAAC9AFmCya28GKeVPk4aC"
                            + "tlGge5GBLvwbgUzahlbI5mb+Be2Y/+B5S12murEbKGQbAQ7dC3IsF9H/OFYARVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAA"
                            + "AAAAAA==");
        assertPixels(file, 2, 255, 3, 10, 20, 30, 4, 5, 255, 40, 50, 60, 128, 129, 130, 255, 0, 1);
    }

    @Test
    void rawBytesAreCopiedAndChecked() {
        byte[] rgb = new byte[12];
        RgbImage image = RgbImage.of(2, 2, rgb);
        rgb[0] = 1;
        assertEquals(0, image.rgb()[0]);
        assertThrows(IllegalArgumentException.class, () -> RgbImage.of(2, 2, new byte[11]));
        assertThrows(IllegalArgumentException.class, () -> RgbImage.of(0, 2, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> RgbImage.of(1 << 30, 1 << 30, new byte[0]));
    }

    @Test
    void aMissingFileIsReportedAsSuch() {
        assertThrows(NoSuchFileException.class, () -> ImageCodec.read(Path.of("no", "such.png")));
    }

    @Test
    void whatIsNoImageIsNamed() {
        for (byte[] data :
                new byte[][] {{}, "hello".getBytes(StandardCharsets.UTF_8), "BM".getBytes(StandardCharsets.UTF_8)}) {
            MalformedFileException e =
                    assertThrows(MalformedFileException.class, () -> ImageCodec.decode(data, "cat.png"));
            assertTrue(e.getMessage().startsWith("cat.png: "), e.getMessage());
        }
    }

    @Test
    void bombsAreRefusedWithTheirNumbers() throws IOException {
        byte[] bomb = png(50_000, 50_000, 1, 0, new byte[0], 0);
        String message = assertThrows(MalformedFileException.class, () -> ImageCodec.decode(bomb, "bomb.png"))
                .getMessage();
        assertEquals("bomb.png: size: 50000 x 50000 pixels are more than the limit of 178956970", message);
        byte[] small = encode(ResizerTest.noise(new Random(2), 40, 30), "png");
        ImageReadOptions limits = limits(1199, 1 << 20);
        assertThrows(MalformedFileException.class, () -> ImageCodec.decode(small, "small.png", limits));
        assertEquals(
                40, ImageCodec.decode(small, "small.png", limits(1200, 1 << 20)).width());
        ImageReadOptions bytes = limits(1200, small.length - 1);
        assertThrows(
                MalformedFileException.class,
                () -> ImageCodec.read(new ByteArrayInputStream(small), "small.png", bytes));
    }

    @Test
    void aHeaderThatPromisesMoreThanTheFileCanHoldIsRefusedBeforeAllocation() throws IOException {
        byte[] hollow = png(13_000, 13_000, 8, 2, new byte[0], 0);
        String message = assertThrows(MalformedFileException.class, () -> ImageCodec.decode(hollow, "hollow.png"))
                .getMessage();
        assertTrue(message.contains("13000 x 13000"), message);
    }

    @Test
    void whatFillsUpTheLastRowOfABmpMayBeMissing() throws IOException {
        RgbImage image = ResizerTest.noise(new Random(6), 3, 2);
        byte[] file = encode(image, "bmp");
        assertArrayEquals(
                image.rgb(),
                ImageCodec.decode(Arrays.copyOf(file, file.length - 3), "bmp").rgb());
        byte[] cut = Arrays.copyOf(file, file.length - 4);
        assertThrows(MalformedFileException.class, () -> ImageCodec.decode(cut, "bmp"));
    }

    @Test
    void anImageWithoutPixelsIsRefused() throws IOException {
        byte[] empty = png(0, 5, 8, 0, new byte[0], 0);
        assertThrows(MalformedFileException.class, () -> ImageCodec.decode(empty, "empty.png"));
    }

    @Test
    void theFileIsNamedWhereReadingItFails(@TempDir Path directory) {
        var refused = assertThrows(FileSystemException.class, () -> ImageCodec.read(directory));
        assertTrue(refused.getMessage().startsWith(directory + ": "), refused.getMessage());
    }

    private static ImageReadOptions limits(long pixels, long bytes) {
        return ImageReadOptions.DEFAULT.withLimits(new ImageLimits(pixels, bytes));
    }
}
