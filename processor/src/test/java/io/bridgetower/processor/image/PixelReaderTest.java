package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.image.raster.ExifOrientation;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.processor.image.raster.RgbImageTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PixelReaderTest {
    private static final ImageProcessor PROCESSOR =
            new ImageProcessor(ImageProcessorConfig.DEFAULT.toBuilder().size(96).build());

    /** A TIFF structure with the orientation 6: a quarter turn to the right. */
    private static final byte[] QUARTER_TURN = ByteBuffer.allocate(26)
            .putInt(0x4d4d002a)
            .putInt(8)
            .putShort((short) 1)
            .putShort((short) 0x112)
            .putShort((short) 3)
            .putInt(1)
            .putShort((short) 6)
            .array();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "tiff", "webp"})
    void imagesAreTurnedUnlessExifIsIgnored(String format) throws IOException {
        byte[] file = switch (format) {
            case "jpeg" -> jpeg();
            case "png" -> png();
            case "tiff" -> tiff();
            default -> webp();
        };
        RgbImage upright = ImageCodec.decode(file, "a", ImageReadOptions.DEFAULT);
        RgbImage stored = ImageCodec.decode(file, "a", ImageReadOptions.DEFAULT.withExif(Exif.IGNORE));
        assertEquals("RgbImage[2 x 3]", upright.toString());
        assertEquals("RgbImage[3 x 2]", stored.toString());
        assertArrayEquals(upright.rgb(), ExifOrientation.apply(stored, 6).rgb());
    }

    @Test
    void theSizeOfTheOptionsReplacesThatOfTheProcessor() {
        RgbImage image = RgbImage.of(200, 100, new byte[200 * 100 * 3]);
        for (int size : new int[] {64, 144, 192}) {
            PixelReader reader = reader(ImageOptions.DEFAULT.withSize(size));
            try (Arena arena = Arena.ofConfined()) {
                Tensor pixels = reader.allocate(arena, 2);
                assertArrayEquals(new int[] {2, 3, size, size}, pixels.shape());
                reader.process(image, pixels.slice(1, 1));
                float[] expected = PROCESSOR
                        .preprocess(
                                List.of(image),
                                PROCESSOR.config().toBuilder().imageSize(size).build())
                        .pixelValues()
                        .toArray();
                assertArrayEquals(expected, pixels.slice(1, 1).toArray());
                assertEquals(expected.length * 4L, reader.byteSize());
                assertEquals(size / 16 * size / 16, reader.patches(16));
            }
        }
        var refused = assertThrows(IllegalArgumentException.class, () -> reader(ImageOptions.DEFAULT.withSize(100)));
        assertEquals("image size: expected a multiple of the model's patch size, 16, found 100", refused.getMessage());
    }

    @Test
    void interpolationTakesTheSizeOfTheProcessor() {
        RgbImage image = RgbImage.of(50, 50, new byte[50 * 50 * 3]);
        PixelReader exact = PixelReader.of(PROCESSOR, ImageOptions.DEFAULT, 3, 288, 16);
        PixelReader free = PixelReader.of(PROCESSOR, ImageOptions.DEFAULT.withInterpolatePosEncoding(true), 3, 288, 16);
        try (Arena arena = Arena.ofConfined()) {
            var refused =
                    assertThrows(IllegalArgumentException.class, () -> exact.process(image, exact.allocate(arena, 1)));
            assertEquals(
                    "the image: the model takes pixels of shape [1, 3, 288, 288], its image processor makes"
                            + " [1, 3, 96, 96]",
                    refused.getMessage());
            free.process(image, free.allocate(arena, 1));
        }
        ImageProcessor squeezing = new ImageProcessor(ImageProcessorConfig.builder()
                .exactSize(CropSize.square(64))
                .doCenterCrop(false)
                .build());
        PixelReader exactReader = PixelReader.of(squeezing, ImageOptions.DEFAULT.withSize(96), 3, 64, 16);
        assertEquals(
                CropSize.square(96),
                exactReader.processor().config().outputSize().orElseThrow());
        ImageProcessor uncropped = new ImageProcessor(
                PROCESSOR.config().toBuilder().doCenterCrop(false).build());
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> PixelReader.of(uncropped, ImageOptions.DEFAULT.withSize(96), 3, 96, 16));
        assertTrue(refused.getMessage().contains("do_center_crop"), refused.getMessage());
    }

    @Test
    void whatChangesPixelsChangesTheIdentity() {
        String identity = reader(ImageOptions.DEFAULT).identity();
        assertEquals(identity, reader(ImageOptions.DEFAULT.withExif(Exif.APPLY)).identity());
        assertNotEquals(
                identity, reader(ImageOptions.DEFAULT.withExif(Exif.IGNORE)).identity());
        assertNotEquals(identity, reader(ImageOptions.DEFAULT.withSize(192)).identity());
    }

    @Test
    void everyRefusalNamesTheFile() throws IOException {
        BufferedImage panorama = new BufferedImage(2000, 40, BufferedImage.TYPE_INT_RGB);
        Path file = directory.resolve("panorama.png"), good = directory.resolve("good.png");
        ImageIO.write(panorama, "png", file.toFile());
        ImageIO.write(new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB), "png", good.toFile());
        PixelReader reader = reader(ImageOptions.DEFAULT);
        try (Arena arena = Arena.ofConfined()) {
            var refused =
                    assertThrows(IllegalArgumentException.class, () -> reader.readAll(arena, List.of(good, file)));
            assertTrue(refused.getMessage().startsWith(file + ": height and width must be > 0: 2000 x 40 "));
            reader.readAll(arena, List.of(good, good));
        }
        RgbImage named = ImageCodec.decode(Files.readAllBytes(file), "upload 7");
        RgbImage unnamed = ImageCodec.convert(panorama), fine = ImageCodec.read(good);
        var refused = assertThrows(IllegalArgumentException.class, () -> PROCESSOR.preprocess(List.of(fine, named)));
        assertTrue(refused.getMessage().startsWith("upload 7: height"), refused.getMessage());
        refused = assertThrows(IllegalArgumentException.class, () -> PROCESSOR.preprocess(List.of(fine, unnamed)));
        assertTrue(refused.getMessage().startsWith("image 1: height"), refused.getMessage());
        refused = assertThrows(
                IllegalArgumentException.class,
                () -> PROCESSOR.preprocess(
                        List.of(ImageCodec.read(file), fine),
                        PROCESSOR.config().toBuilder()
                                .doResize(false)
                                .doCenterCrop(false)
                                .doPad(false)
                                .build()));
        assertTrue(refused.getMessage().contains(file + " has ")
                && refused.getMessage().contains(good + " has "));
    }

    private static PixelReader reader(ImageOptions options) {
        return PixelReader.of(PROCESSOR, options, 3, 96, 16);
    }

    private static byte[] encoded(String format) throws IOException {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 6; i++) image.setRGB(i % 3, i / 3, 0x2a1b0c * i);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static byte[] jpeg() throws IOException {
        byte[] exif = inserted(new byte[] {'E', 'x', 'i', 'f', 0, 0}, 6, QUARTER_TURN);
        byte[] segment = ByteBuffer.allocate(4 + exif.length)
                .putShort((short) 0xffe1)
                .putShort((short) (2 + exif.length))
                .put(exif)
                .array();
        return inserted(encoded("jpeg"), 2, segment);
    }

    private static byte[] png() throws IOException {
        int afterHeader = 8 + 12 + 13;
        return inserted(encoded("png"), afterHeader, RgbImageTest.chunk("eXIf", QUARTER_TURN));
    }

    /** Three by two pixels, uncompressed, with the orientation 6. */
    private static byte[] tiff() {
        int[][] entries = {
            {0x100, 3, 1, 3},
            {0x101, 3, 1, 2},
            {0x102, 3, 1, 8},
            {0x103, 3, 1, 1},
            {0x106, 3, 1, 1},
            {0x111, 4, 1, 134},
            {0x112, 3, 1, 6},
            {0x115, 3, 1, 1},
            {0x116, 3, 1, 2},
            {0x117, 4, 1, 6}
        };
        ByteBuffer file = ByteBuffer.allocate(140).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) entries.length);
        for (int[] entry : entries) {
            file.putShort((short) entry[0])
                    .putShort((short) entry[1])
                    .putInt(entry[2])
                    .putInt(entry[3]);
        }
        return file.putInt(0).put(new byte[] {1, 2, 3, 4, 5, 6}).array();
    }

    private static byte[] webp() {
        return Base64.getDecoder()
                .decode("UklGRoAAAABXRUJQVlA4WAoAAAAIAAAAAgAAAQAAVlA4TD8AAAAvAkAAAC9AFmCya28GKeVPk4aC"
                            + "tlGge5GBLvwbgUzahlbI5mb+Be2Y/+B5S12murEbKGQbAQ7dC3IsF9H/OFYARVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAA"
                            + "AAAAAA==");
    }

    private static byte[] inserted(byte[] file, int at, byte[] part) {
        byte[] all = Arrays.copyOf(file, file.length + part.length);
        System.arraycopy(part, 0, all, at, part.length);
        System.arraycopy(file, at, all, at + part.length, file.length - at);
        return all;
    }
}
