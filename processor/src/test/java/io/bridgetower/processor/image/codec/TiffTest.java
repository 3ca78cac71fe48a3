package io.bridgetower.processor.image.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.ImageCodec;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TIFF samples that the JDK's reader rounds, saturates or takes for something else; expected is what Pillow gives. */
class TiffTest {
    private static final int GREY = 1;
    private static final int RGB = 2;
    private static final int SAMPLE_FORMAT = 339;
    private static final int EXTRA_SAMPLES = 338;

    static Stream<ByteOrder> orders() {
        return Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void palettesKeepTheirHighBytes(ByteOrder order) throws IOException {
        int[] colors = new int[768];
        colors[3] = 0x12ff;
        colors[256 + 3] = 0xfe80;
        colors[512 + 3] = 0x01ff;
        TiffFixture file = new TiffFixture(order, 2, 1, TiffDirectory.PALETTE, new int[] {8}, 3, 0);
        assertPixels(file.shorts(320, colors), 0x12, 0xfe, 0x01, 0, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void coloursThatWereMultipliedByAlphaAreDivided(ByteOrder order) throws IOException {
        int[] bits = {8, 8, 8, 8};
        TiffFixture file = new TiffFixture(order, 3, 1, RGB, bits, 100, 50, 7, 128, 9, 9, 9, 0, 200, 10, 0, 100);
        assertPixels(file.shorts(EXTRA_SAMPLES, 1), 199, 99, 13, 0, 0, 0, 255, 25, 0);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void greysOfManyBitsSaturate(ByteOrder order) throws IOException {
        int[] bits = {32};
        TiffFixture integers = new TiffFixture(order, 4, 1, GREY, bits, -5, 77, 255, 70_000);
        assertPixels(integers.shorts(SAMPLE_FORMAT, 2), 0, 0, 0, 77, 77, 77, 255, 255, 255, 255, 255, 255);
        int[] floats = {Float.floatToIntBits(-1), Float.floatToIntBits(99.9f), Float.floatToIntBits(1e9f)};
        TiffFixture numbers = new TiffFixture(order, 3, 1, GREY, bits, floats);
        assertPixels(numbers.shorts(SAMPLE_FORMAT, 3), 0, 0, 0, 99, 99, 99, 255, 255, 255);
        TiffFixture shorts = new TiffFixture(order, 3, 1, GREY, new int[] {16}, 0, 200, 5000);
        assertPixels(shorts, 0, 0, 0, 200, 200, 200, 255, 255, 255);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void inksOfSixteenBitsAreInks(ByteOrder order) throws IOException {
        int[] bits = {16, 16, 16, 16};
        TiffFixture file = new TiffFixture(order, 1, 1, TiffDirectory.CMYK, bits, 0x1cfd, 0x8a14, 0xb6c1, 0x5903);
        assertPixels(file, 148, 76, 48);
    }

    @Test
    void aPaletteOutsideTheFileIsRefused() {
        TiffFixture file = new TiffFixture(ByteOrder.LITTLE_ENDIAN, 1, 1, TiffDirectory.PALETTE, new int[] {8}, 0);
        byte[] bytes = file.shorts(320, new int[768]).bytes();
        assertThrows(
                MalformedFileException.class,
                () -> ImageCodec.decode(Arrays.copyOf(bytes, bytes.length - 9), "short.tif"));
        byte[] odd = new TiffFixture(ByteOrder.LITTLE_ENDIAN, 1, 1, TiffDirectory.PALETTE, new int[] {8}, 0)
                .shorts(320, 1)
                .bytes();
        assertThrows(MalformedFileException.class, () -> ImageCodec.decode(odd, "odd.tif"));
    }

    private static void assertPixels(TiffFixture file, int... expected) throws IOException {
        byte[] bytes = new byte[expected.length];
        for (int i = 0; i < expected.length; i++) bytes[i] = (byte) expected[i];
        assertArrayEquals(bytes, ImageCodec.decode(file.bytes(), "test.tif").rgb());
    }
}
