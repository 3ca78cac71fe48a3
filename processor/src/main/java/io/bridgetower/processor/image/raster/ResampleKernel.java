package io.bridgetower.processor.image.raster;

import io.bridgetower.engine.VectorWidth;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two passes of a resize over interleaved RGB bytes, in 32-bit fixed point. Integer sums have one value in any
 * order, so the vector loops and the scalar ones give the same bytes.
 */
public final class ResampleKernel {
    private static final int CHANNELS = Resizer.CHANNELS;
    private static final int SHIFT = ResampleWeights.PRECISION_BITS;
    public static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, VectorShape.forBitSize(VectorWidth.bits()));
    private static final int LANES = INTS.length();

    /** Bytes for {@link #INTS}; with 128-bit vectors there are none so small, and half of each is unused. */
    public static final VectorSpecies<Byte> BYTES = LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    /** Whether a vector of bytes has as many lanes as one of ints. */
    static final boolean VECTORS = BYTES.length() == LANES;

    /** Whole pixels in one vector; the lanes left over meet a weight of zero. */
    private static final int PIXELS = LANES / CHANNELS;

    private ResampleKernel() {}

    /** Filters along rows: {@code height} rows of {@code width} pixels become rows of {@code columns} pixels. */
    static byte[] horizontal(byte[] source, int width, int height, ResampleWeights columns) {
        return VECTORS
                ? horizontalVector(source, width, height, columns)
                : horizontalScalar(source, width, height, columns);
    }

    /** Filters along columns: rows of {@code rowBytes} bytes are combined into as many rows as there are weights. */
    static byte[] vertical(byte[] source, int rowBytes, ResampleWeights rows) {
        int target = rows.first().length;
        byte[] result = new byte[Math.multiplyExact(target, rowBytes)];
        for (int y = 0; y < target; y++) {
            int from = rows.first()[y] * rowBytes;
            int done = VECTORS ? verticalVector(source, from, rowBytes, rows, y, result) : 0;
            verticalScalar(source, from, done, rowBytes, rows, y, result);
        }
        return result;
    }

    static byte[] horizontalScalar(byte[] source, int width, int height, ResampleWeights columns) {
        int target = columns.first().length;
        byte[] result = new byte[Math.multiplyExact(Math.multiplyExact(target, height), CHANNELS)];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < target; x++) {
                int pixel = (y * width + columns.first()[x]) * CHANNELS;
                int red = ResampleWeights.HALF;
                int green = red;
                int blue = red;
                for (int k = x * columns.taps(), end = k + columns.count()[x]; k < end; k++, pixel += CHANNELS) {
                    int weight = columns.weights()[k];
                    red += (source[pixel] & 0xff) * weight;
                    green += (source[pixel + 1] & 0xff) * weight;
                    blue += (source[pixel + 2] & 0xff) * weight;
                }
                result[at++] = clip(red >> SHIFT);
                result[at++] = clip(green >> SHIFT);
                result[at++] = clip(blue >> SHIFT);
            }
        }
        return result;
    }

    /** One target row from byte {@code begin} on. */
    static void verticalScalar(
            byte[] source, int from, int begin, int rowBytes, ResampleWeights rows, int y, byte[] result) {
        if (begin == rowBytes) return;
        int[] sums = new int[rowBytes - begin];
        Arrays.fill(sums, ResampleWeights.HALF);
        for (int k = 0; k < rows.count()[y]; k++) {
            int weight = rows.weights()[y * rows.taps() + k];
            int row = from + k * rowBytes + begin;
            for (int j = 0; j < sums.length; j++) sums[j] += (source[row + j] & 0xff) * weight;
        }
        int at = y * rowBytes + begin;
        for (int j = 0; j < sums.length; j++) result[at + j] = clip(sums[j] >> SHIFT);
    }

    private static int verticalVector(
            byte[] source, int from, int rowBytes, ResampleWeights rows, int y, byte[] result) {
        int bound = INTS.loopBound(rowBytes);
        int[] weights = rows.weights();
        int base = y * rows.taps();
        int count = rows.count()[y];
        for (int j = 0; j < bound; j += LANES) {
            IntVector sum = IntVector.broadcast(INTS, ResampleWeights.HALF);
            for (int k = 0, at = from + j; k < count; k++, at += rowBytes) {
                sum = sum.add(widen(source, at).mul(weights[base + k]));
            }
            IntVector clipped = sum.lanewise(VectorOperators.ASHR, SHIFT).max(0).min(255);
            ((ByteVector) clipped.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(result, y * rowBytes + j);
        }
        return bound;
    }

    private static byte[] horizontalVector(byte[] source, int width, int height, ResampleWeights columns) {
        int target = columns.first().length;
        int groups = (columns.taps() + PIXELS - 1) / PIXELS;
        int[] spread = spread(columns, groups);
        byte[] result = new byte[Math.multiplyExact(Math.multiplyExact(target, height), CHANNELS)];
        int rowBytes = width * CHANNELS;
        // A vector may read past its run of pixels, so the row needs some slack behind it.
        byte[] row = new byte[rowBytes + LANES];
        int[] sums = new int[LANES];
        for (int y = 0; y < height; y++) {
            System.arraycopy(source, y * rowBytes, row, 0, rowBytes);
            horizontalRow(row, columns, groups, spread, sums, result, y * target * CHANNELS);
        }
        return result;
    }

    private static void horizontalRow(
            byte[] row, ResampleWeights columns, int groups, int[] spread, int[] sums, byte[] result, int to) {
        int[] first = columns.first();
        int[] count = columns.count();
        int at = to;
        for (int x = 0; x < first.length; x++) {
            IntVector sum = IntVector.zero(INTS);
            int byteAt = first[x] * CHANNELS;
            int weightAt = x * groups * LANES;
            for (int end = byteAt + count[x] * CHANNELS; byteAt < end; byteAt += PIXELS * CHANNELS, weightAt += LANES) {
                sum = sum.add(widen(row, byteAt).mul(IntVector.fromArray(INTS, spread, weightAt)));
            }
            sum.intoArray(sums, 0);
            int red = ResampleWeights.HALF;
            int green = red;
            int blue = red;
            for (int lane = 0; lane < PIXELS * CHANNELS; lane += CHANNELS) {
                red += sums[lane];
                green += sums[lane + 1];
                blue += sums[lane + 2];
            }
            result[at++] = clip(red >> SHIFT);
            result[at++] = clip(green >> SHIFT);
            result[at++] = clip(blue >> SHIFT);
        }
    }

    /** The weights as the lanes meet them: each three times, {@link #PIXELS} pixels to a vector, zeros behind. */
    private static int[] spread(ResampleWeights columns, int groups) {
        int target = columns.first().length;
        int[] spread = new int[Math.multiplyExact(target, groups * LANES)];
        for (int x = 0; x < target; x++) {
            for (int k = 0; k < columns.count()[x]; k++) {
                int lane = (x * groups + k / PIXELS) * LANES + k % PIXELS * CHANNELS;
                Arrays.fill(spread, lane, lane + CHANNELS, columns.weights()[x * columns.taps() + k]);
            }
        }
        return spread;
    }

    private static IntVector widen(byte[] source, int at) {
        return (IntVector)
                ByteVector.fromArray(BYTES, source, at).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    private static byte clip(int value) {
        return (byte) Math.max(Math.min(value, 255), 0);
    }
}
