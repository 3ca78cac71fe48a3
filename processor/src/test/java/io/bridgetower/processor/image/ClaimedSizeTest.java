package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.codec.TiffFixture;
import io.bridgetower.processor.image.raster.RgbImageTest;
import io.bridgetower.testing.ForkedJvm;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a header claims takes no memory before the file is seen to hold it. */
class ClaimedSizeTest {
    private static final int SIDE = 13_000;
    private static final int SMALL_HEAP_MEGABYTES = 64;

    @Test
    void filesThatClaimMoreThanTheyHoldAreRefusedInASmallHeap() throws IOException {
        String output =
                new ForkedJvm(Claims.class).megabytes(SMALL_HEAP_MEGABYTES).run();
        List<String> found =
                output.lines().filter(line -> !line.startsWith("WARNING")).toList();
        assertEquals(Claims.files().size(), found.size(), output);
        String refused = ": " + MalformedFileException.class.getName() + ": claims: ";
        assertEquals(
                List.of(),
                found.stream().filter(line -> !line.contains(refused)).toList());
    }

    @Test
    void anImageTooLargeForTheHeapIsNamed() throws IOException {
        String output =
                new ForkedJvm(TooLarge.class).megabytes(SMALL_HEAP_MEGABYTES).run();
        assertTrue(output.contains("java.io.IOException: blank.png: not enough memory"), output);
    }

    /** These are so much smaller than their pixels that they are looked through before they are decoded. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "gif", "jpeg", "bmp", "tiff"})
    void largeBlankImagesAreRead(String format) throws IOException {
        BufferedImage white = new BufferedImage(2500, 2000, BufferedImage.TYPE_BYTE_BINARY);
        white.setRGB(2499, 1999, 0xffffffff);
        if (format.equals("jpeg")) white = new BufferedImage(2500, 2000, BufferedImage.TYPE_3BYTE_BGR);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(white, format, bytes));
        byte[] expected = new byte[2500 * 2000 * 3];
        if (!format.equals("jpeg")) Arrays.fill(expected, expected.length - 3, expected.length, (byte) 255);
        assertArrayEquals(
                expected, ImageCodec.decode(bytes.toByteArray(), "blank").rgb());
    }

    /** Decodes files that claim {@link #SIDE} pixels each way. */
    static final class Claims {
        private Claims() {}

        public static void main(String[] args) throws IOException {
            files().forEach((name, bytes) -> {
                String result;
                try {
                    result = ImageCodec.decode(bytes, "claims").toString();
                } catch (IOException | OutOfMemoryError e) {
                    result = e.toString();
                }
                System.out.println(name + ": " + result);
            });
        }

        static Map<String, byte[]> files() throws IOException {
            Map<String, byte[]> files = new LinkedHashMap<>();
            gifs(files);
            pngs(files);
            jpegs(files);
            bmps(files);
            tiffs(files);
            webps(files);
            for (String magic : List.of("P1", "P2", "P3", "P4", "P5", "P6")) {
                files.put(magic, text(magic + " 13000 13000 1 1 1 1"));
            }
            return files;
        }

        private static void gifs(Map<String, byte[]> files) throws IOException {
            byte[] screen = Files.readAllBytes(PillowPixelsTest.file("interlaced_37.gif"));
            little(screen).putShort(6, (short) SIDE).putShort(8, (short) SIDE);
            files.put("GIF, screen", screen);
            ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            head.put(text("GIF89a")).putInt(0).put(new byte[3]).put((byte) ',').putInt(0);
            head.putShort((short) SIDE).putShort((short) SIDE).put((byte) 0).put((byte) 8);
            files.put("GIF, frame", join(head.array(), new byte[] {2, 0, 1, 0, ';'}));
            files.put("GIF, comments", join(Arrays.copyOf(head.array(), 13), comments(80_000), screen(head)));
            byte[] blocks = new byte[256 * 300];
            // Codes of 9 bits below 256: there is one index for each of them.
            for (int at = 0; at < blocks.length; at++) blocks[at] = (byte) (at % 256 == 0 ? 255 : 0);
            files.put("GIF, many bytes", join(head.array(), blocks, new byte[] {0, ';'}));
        }

        private static byte[] screen(ByteBuffer head) {
            return join(Arrays.copyOfRange(head.array(), 13, 24), new byte[] {2, 0, 1, 0, ';'});
        }

        private static byte[] comments(int bytes) {
            byte[] blocks = new byte[bytes / 256 * 256];
            for (int at = 0; at < blocks.length; at += 256) blocks[at] = (byte) 255;
            return join(new byte[] {'!', (byte) 0xfe}, blocks, new byte[1]);
        }

        private static void pngs(Map<String, byte[]> files) throws IOException {
            files.put("PNG", RgbImageTest.png(SIDE, SIDE, 8, 2, new byte[0], 0));
            int[] noise = new Random(2).ints(30_000, 0, 256).toArray();
            files.put("PNG, one bit", RgbImageTest.png(SIDE, SIDE, 1, 0, new byte[0], noise));
            byte[] interlaced = RgbImageTest.png(SIDE, SIDE, 1, 0, new byte[0], noise);
            byte[] header = Arrays.copyOfRange(interlaced, 16, 29);
            header[12] = 1;
            byte[] chunk = RgbImageTest.chunk("IHDR", header);
            System.arraycopy(chunk, 0, interlaced, 8, chunk.length);
            files.put("PNG, interlaced", interlaced);
        }

        private static void jpegs(Map<String, byte[]> files) throws IOException {
            for (String name : List.of("sampling_2x1.jpg", "progressive_2x1.jpg", "scans.jpg", "restart_rows.jpg")) {
                byte[] file = Files.readAllBytes(PillowPixelsTest.file(name));
                int frame = frame(file);
                ByteBuffer.wrap(file).putShort(frame + 5, (short) SIDE).putShort(frame + 7, (short) SIDE);
                files.put(name, file);
                files.put(name + ", more bytes", join(file, new byte[2_000_000]));
                byte[] unfinished = Arrays.copyOf(file, file.length - 2);
                files.put(name + ", no end", join(unfinished, new byte[] {-1, (byte) 0xfe, 7, 0}, new byte[2_000_000]));
            }
        }

        private static int frame(byte[] jpeg) {
            int at = 2;
            while ((jpeg[at + 1] & 0xfc) != 0xc0)
                at += 2 + ByteBuffer.wrap(jpeg).getShort(at + 2);
            return at;
        }

        private static void bmps(Map<String, byte[]> files) throws IOException {
            for (String name : List.of("rgb_24.bmp", "rle8.bmp", "rle4.bmp", "palette_1.bmp")) {
                byte[] file = Files.readAllBytes(PillowPixelsTest.file(name));
                little(file).putInt(18, SIDE).putInt(22, SIDE);
                files.put(name, file);
                files.put(name + ", more bytes", join(file, new byte[20_000]));
            }
        }

        private static void tiffs(Map<String, byte[]> files) {
            for (int compression : new int[] {1, 2, 3, 4, 5, 7, 8, 32773, 32946}) {
                TiffFixture file = new TiffFixture(ByteOrder.BIG_ENDIAN, SIDE, SIDE, 1, new int[] {8}, 1, 2, 3, 4);
                files.put("TIFF " + compression, file.shorts(259, compression).bytes());
                TiffFixture tiles = new TiffFixture(ByteOrder.BIG_ENDIAN, 2, 2, 1, new int[] {8}, 1, 2, 3, 4);
                tiles.shorts(259, compression)
                        .shorts(322, SIDE)
                        .shorts(323, SIDE)
                        .shorts(324, 8)
                        .shorts(325, 4);
                files.put("TIFF of tiles " + compression, tiles.bytes());
            }
        }

        private static void webps(Map<String, byte[]> files) throws IOException {
            byte[] lossy = Files.readAllBytes(PillowPixelsTest.file("lossy.webp"));
            little(lossy).putShort(26, (short) SIDE).putShort(28, (short) SIDE);
            files.put("WebP, lossy", lossy);
            byte[] lossless = Files.readAllBytes(PillowPixelsTest.file("lossless_palette.webp"));
            little(lossless).putInt(21, SIDE - 1 | SIDE - 1 << 14);
            files.put("WebP, lossless", lossless);
            byte[] canvas = Files.readAllBytes(PillowPixelsTest.file("animation.webp"));
            little(canvas).putInt(24, SIDE - 1).putInt(26, SIDE - 1 << 8 | SIDE - 1 >> 16);
            files.put("WebP, canvas", canvas);
            byte[] frame = canvas.clone();
            little(frame).putInt(58, SIDE - 1 | SIDE - 1 << 24).putShort(62, (short) (SIDE - 1 >> 8));
            files.put("WebP, frame", frame);
            byte[] inner = Files.readAllBytes(PillowPixelsTest.file("animation.webp"));
            little(inner).putInt(77, SIDE - 1 | SIDE - 1 << 14);
            files.put("WebP, image in a frame", inner);
        }

        private static ByteBuffer little(byte[] file) {
            return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        }

        private static byte[] text(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        private static byte[] join(byte[]... parts) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (byte[] part : parts) joined.writeBytes(part);
            return joined.toByteArray();
        }
    }

    /** Decodes an image that is whole, in less memory than it needs. */
    static final class TooLarge {
        private TooLarge() {}

        public static void main(String[] args) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(6000, 6000, BufferedImage.TYPE_BYTE_BINARY), "png", bytes);
            try {
                System.out.println(ImageCodec.decode(bytes.toByteArray(), "blank.png"));
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }
}
