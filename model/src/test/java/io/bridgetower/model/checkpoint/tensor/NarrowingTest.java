package io.bridgetower.model.checkpoint.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.AtomicFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowingTest {
    @TempDir
    private Path directory;

    /** The neighbours of a number are the truncated one and the next away from zero; ties go to the even one. */
    @Test
    void bf16RoundsToTheNearestAndTiesToEven() {
        Random random = new Random(16);
        for (int round = 0; round < 1_000_000; round++) {
            int bits = random.nextInt();
            if (round % 4 == 0) bits = bits & 0xFFFF0000 | 0x8000;
            float value = Float.intBitsToFloat(bits);
            if (!Float.isFinite(value)) continue;
            int below = bits >>> 16;
            int above = below + 1;
            double down = Math.abs((double) value - widened(below));
            // Past the largest finite number the next would be 2^128.
            double next = Float.isInfinite(widened(above)) ? Math.copySign(0x1p128, value) : widened(above);
            double up = Math.abs((double) value - next);
            int expected = down < up || down == up && (below & 1) == 0 ? below : above;
            assertEquals((short) expected, Narrowing.toBf16(value), () -> "of " + value);
        }
    }

    @Test
    void bf16KeepsWhatIsNoNumber() {
        assertEquals((short) 0x7F80, Narrowing.toBf16(Float.POSITIVE_INFINITY));
        assertEquals((short) 0xFF80, Narrowing.toBf16(Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(widened(Narrowing.toBf16(Float.intBitsToFloat(0x7F800001)) & 0xFFFF)));
        assertTrue(Float.isNaN(widened(Narrowing.toBf16(Float.intBitsToFloat(0xFFFFFFFF)) & 0xFFFF)));
        assertEquals((short) 0x8000, Narrowing.toBf16(-0f));
    }

    @ParameterizedTest
    @CsvSource({
        // Halfway between 1 and its successor, between that and the next, and just past halfway.
        "0x1.002p0, 0x1p0",
        "0x1.006p0, 0x1.008p0",
        "0x1.002002p0, 0x1.004p0",
        "65504, 65504",
        "65519, 65504",
        "0x1p-25, 0",
        "0x1.8p-25, 0x1p-24",
        "Infinity, Infinity"
    })
    void f16RoundsToTheNearestAndTiesToEven(String value, String expected) throws IOException {
        ByteBuffer written = write(DType.F16, Float.parseFloat(value));
        assertEquals(Float.parseFloat(expected), Float.float16ToFloat(written.getShort()));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(ArithmeticException.class, () -> write(DType.F16, 65520f));
        assertThrows(ArithmeticException.class, () -> write(DType.F16, -1e6f));
        assertThrows(ArithmeticException.class, () -> write(DType.BF16, Float.MAX_VALUE));
    }

    @Test
    void blocksFollowEachOther() throws IOException {
        float[] values = new float[100_001];
        for (int i = 0; i < values.length; i++) values[i] = i % 200;
        ByteBuffer written = write(DType.BF16, values);
        assertEquals(2 * values.length, written.remaining());
        for (float value : values) assertEquals(value, widened(written.getShort() & 0xFFFF));
    }

    private ByteBuffer write(DType to, float... values) throws IOException {
        Path path = directory.resolve("values");
        try (AtomicFile file = new AtomicFile(path)) {
            new Narrowing(to).write(DType.F32, MemorySegment.ofArray(values), file);
            file.commit();
        }
        return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static float widened(int half) {
        return Float.intBitsToFloat(half << 16);
    }
}
