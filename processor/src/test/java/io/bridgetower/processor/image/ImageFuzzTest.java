package io.bridgetower.processor.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.codec.TiffFixture;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.ResizerTest;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.processor.image.raster.RgbImageTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file holds, it is an image within the limits, or refused by the one exception. */
class ImageFuzzTest {
    private static final ImageLimits LIMITS = new ImageLimits(1 << 16, 1 << 20);
    private static final int PNG_SIGNATURE = 8;

    static Stream<byte[]> jpegs() throws Exception {
        Path folder = ImageProcessorCasesTest.images();
        byte[][] files = {
            Files.readAllBytes(folder.resolve("jpeg_420.jpg")),
            Files.readAllBytes(folder.resolve("jpeg_progressive.jpg")),
            Files.readAllBytes(folder.resolve("jpeg_cmyk.jpg")),
            Files.readAllBytes(folder.resolve("jpeg_exif6.jpg")),
            encode("jpeg")
        };
        return Arrays.stream(files);
    }

    static Stream<byte[]> pngs() throws IOException {
        byte[] palette = RgbImageTest.chunk("PLTE", new byte[] {10, 20, 30, 40, 50, 60});
        return Stream.of(
                encode("png"),
                RgbImageTest.png(4, 1, 8, 3, palette, 0, 0, 1, 2, 200),
                RgbImageTest.png(3, 1, 16, 0, new byte[0], 0, 0, 5, 0, 255, 7, 0),
                RgbImageTest.png(2, 2, 1, 0, new byte[0], 1, 0x40, 4, 0x80),
                RgbImageTest.png(50_000, 50_000, 1, 0, new byte[0], 0));
    }

    static Stream<byte[]> gifs() throws IOException {
        return Stream.of(
                        "GIF89a\3\0\2\0\0",
                        "GIF89a\3\0\2\0\0\0\0",
                        new String(encode("gif"), StandardCharsets.ISO_8859_1))
                .map(file -> file.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Stream<byte[]> bmps() throws IOException {
        byte[] huge = encode("bmp");
        ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 1 << 30);
        byte[] embedded = encode("bmp");
        ByteBuffer.wrap(embedded).order(ByteOrder.LITTLE_ENDIAN).putInt(30, 5);
        return Stream.of(encode("bmp"), huge, embedded);
    }

    static Stream<byte[]> tiffs() throws IOException {
        ByteOrder order = ByteOrder.BIG_ENDIAN;
        return Stream.of(
                encode("tiff"),
                new TiffFixture(order, 2, 1, 3, new int[] {8}, 3, 0)
                        .shorts(320, new int[768])
                        .bytes(),
                new TiffFixture(order, 1, 1, 5, new int[] {16, 16, 16, 16}, 1, 2, 3, 4).bytes(),
                new TiffFixture(order, 1, 1, 5, new int[] {32, 32, 32, 32}, 1, 2, 3, 4).bytes(),
                new TiffFixture(order, 2, 1, 1, new int[] {32}, 1, 2)
                        .shorts(339, 3)
                        .bytes(),
                new TiffFixture(order, 2, 1, 2, new int[] {8, 8, 8, 8}, 1, 2, 3, 4, 5, 6, 7, 8)
                        .shorts(338, 1)
                        .bytes());
    }

    /** The last one took its reader minutes, since it saw zeros without end behind the end of the file. */
    static Stream<byte[]> webps() {
        return Stream.of(
                        "UklGRoAAAABXRUJQVlA4WAoAAAAIAAAAAgAAAQAAVlA4TD8AAAAvAkAAAC9AFmCya28GKeVPk4aCtlGge5GBLvwbgUzahlbI5mb+"
                            + "Be2Y/+B5S12murEbKGQbAQ7dC3IsF9H/OFYARVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAAAAAAAA==",
                        "UklGRhoAAABXRUJQVlA4TA4AAAAvAAAAAAcQEf0PRET/Aw==",
                        "UklGRpoAAABXRUJQVlA4TA4AAAAvAAAIAFZQOCAHEBH9D0RE/wM=")
                .map(Base64.getDecoder()::decode);
    }

    static Stream<byte[]> netpbms() {
        return Stream.of(
                        "P1 3 2 1 0 1\n0#comment\n01",
                        "P2\n2 1\n1000\n7 900\n",
                        "P3 1 1 15 1 2 3",
                        "P4 9 2\n1234",
                        "P5 2 1 65535\n1234",
                        "P6 1 1 100\n123")
                .map(file -> file.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("jpegs")
    @FuzzTest(maxDuration = "10m")
    void jpeg(byte[] bytes) throws IOException {
        decode("\u00ff\u00d8\u00ff", bytes);
    }

    @MethodSource("pngs")
    @FuzzTest(maxDuration = "10m")
    void png(byte[] bytes) throws IOException {
        sign(bytes);
        decode("\u0089PNG\r\n\u001a\n", bytes);
    }

    @MethodSource("gifs")
    @FuzzTest(maxDuration = "10m")
    void gif(byte[] bytes) throws IOException {
        decode("GIF89a", bytes);
    }

    @MethodSource("bmps")
    @FuzzTest(maxDuration = "10m")
    void bmp(byte[] bytes) throws IOException {
        decode("BM", bytes);
    }

    @MethodSource("tiffs")
    @FuzzTest(maxDuration = "10m")
    void tiff(byte[] bytes) throws IOException {
        decode(bytes.length > 0 && bytes[0] == 'I' ? "II*\0" : "MM\0*", bytes);
    }

    @MethodSource("webps")
    @FuzzTest(maxDuration = "10m")
    void webp(byte[] bytes) throws IOException {
        byte[] form = "WEBP".getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length >= 12) System.arraycopy(form, 0, bytes, 8, form.length);
        decode("RIFF", bytes);
    }

    @MethodSource("netpbms")
    @FuzzTest(maxDuration = "10m")
    void netpbm(byte[] bytes) throws IOException {
        int kind = bytes.length > 1 ? Math.floorMod(bytes[1] - '1', 6) + 1 : 1;
        decode("P" + kind + " ", bytes);
    }

    /** Decodes what is made to begin like a file of the format. */
    private static void decode(String magic, byte[] bytes) throws IOException {
        byte[] start = magic.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(start, 0, bytes, 0, Math.min(start.length, bytes.length));
        RgbImage image;
        try {
            image = ImageCodec.decode(bytes, "fuzz", ImageReadOptions.DEFAULT.withLimits(LIMITS));
        } catch (MalformedFileException e) {
            return;
        }
        if ((long) image.width() * image.height() > LIMITS.pixels() || image.rgb().length == 0) {
            throw new AssertionError(image);
        }
    }

    /** Makes the checksums of a PNG right, which no fuzzer would find by itself. */
    private static void sign(byte[] png) {
        ByteBuffer in = ByteBuffer.wrap(png);
        for (int at = PNG_SIGNATURE; at + 12 <= png.length; ) {
            int length = in.getInt(at);
            if (length < 0 || length > png.length - at - 12) return;
            CRC32 crc = new CRC32();
            crc.update(png, at + 4, length + 4);
            in.putInt(at + 8 + length, (int) crc.getValue());
            at += 12 + length;
        }
    }

    private static byte[] encode(String format) throws IOException {
        return RgbImageTest.encode(ResizerTest.noise(new Random(1), 12, 9), format);
    }
}
