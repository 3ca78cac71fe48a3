package io.bridgetower.processor.image.codec.jpeg;

import java.util.Arrays;

/**
 * The inverse discrete cosine transform of 8 × 8 coefficients in 32-bit fixed point, after Loeffler, Ligtenberg and
 * Moschytz: the arithmetic of libjpeg's accurate integer method, so that the samples are the same.
 */
final class JpegIdct {
    /** Fraction bits of the constants, and of what the first pass leaves. */
    private static final int CONSTANT_BITS = 13;

    private static final int PASS_BITS = 2;

    private static final int F_0_298 = 2446;
    private static final int F_0_390 = 3196;
    private static final int F_0_541 = 4433;
    private static final int F_0_765 = 6270;
    private static final int F_0_899 = 7373;
    private static final int F_1_175 = 9633;
    private static final int F_1_501 = 12299;
    private static final int F_1_847 = 15137;
    private static final int F_1_961 = 16069;
    private static final int F_2_053 = 16819;
    private static final int F_2_562 = 20995;
    private static final int F_3_072 = 25172;

    private static final int FIRST_SHIFT = CONSTANT_BITS - PASS_BITS;
    private static final int SECOND_SHIFT = CONSTANT_BITS + PASS_BITS + 3;
    private static final int FLAT_SHIFT = PASS_BITS + 3;

    /** The first coefficients in zigzag order, up to here, lie in the upper left quarter of the block. */
    private static final int QUARTER_END = 10;

    /** Samples are stored with this added. */
    private static final int CENTER = 128;

    private JpegIdct() {}

    /**
     * Transforms one block.
     *
     * @param last no coefficient after this one, in zigzag order, differs from zero
     * @param workspace room for 64 numbers
     */
    static void transform(
            short[] block,
            int from,
            int last,
            int[] quantization,
            int[] workspace,
            byte[] samples,
            int to,
            int stride) {
        if (last == 0) {
            flat(block[from] * quantization[0], samples, to, stride);
        } else if (last < QUARTER_END) {
            transformQuarter(block, from, quantization, workspace, samples, to, stride);
        } else {
            for (int column = 0; column < 8; column++) column(block, from + column, quantization, column, workspace);
            for (int row = 0; row < 8; row++) row(workspace, row * 8, samples, to + row * stride);
        }
    }

    /** Only the quarter of the lowest frequencies differs from zero: the same sums, without the zeros. */
    private static void transformQuarter(
            short[] in, int from, int[] q, int[] workspace, byte[] samples, int to, int stride) {
        for (int column = 0; column < 4; column++) {
            int at = from + column;
            quarter(
                    in[at] * q[column],
                    in[at + 8] * q[column + 8],
                    in[at + 16] * q[column + 16],
                    in[at + 24] * q[column + 24],
                    FIRST_SHIFT,
                    workspace,
                    column,
                    8);
        }
        for (int row = 0; row < 8; row++) {
            int at = row * 8;
            quarter(
                    workspace[at],
                    workspace[at + 1],
                    workspace[at + 2],
                    workspace[at + 3],
                    SECOND_SHIFT,
                    workspace,
                    at,
                    1);
            for (int i = 0, pixel = to + row * stride; i < 8; i++) samples[pixel + i] = sample(workspace[at + i]);
        }
    }

    private static void quarter(int c0, int c1, int c2, int c3, int shift, int[] out, int at, int step) {
        int half = 1 << shift - 1;
        int e0 = (c0 << CONSTANT_BITS) + half;
        int e2 = c2 * F_0_541;
        int e3 = c2 * (F_0_541 + F_0_765);
        int o0 = c1 * (F_1_175 - F_0_899) + c3 * (F_1_175 - F_1_961);
        int o1 = c1 * (F_1_175 - F_0_390) + c3 * (F_1_175 - F_2_562);
        int o2 = c1 * F_1_175 + c3 * (F_3_072 - F_2_562 + F_1_175 - F_1_961);
        int o3 = c1 * (F_1_501 - F_0_899 + F_1_175 - F_0_390) + c3 * F_1_175;
        out[at] = e0 + e3 + o3 >> shift;
        out[at + step] = e0 + e2 + o2 >> shift;
        out[at + 2 * step] = e0 - e2 + o1 >> shift;
        out[at + 3 * step] = e0 - e3 + o0 >> shift;
        out[at + 4 * step] = e0 - e3 - o0 >> shift;
        out[at + 5 * step] = e0 - e2 - o1 >> shift;
        out[at + 6 * step] = e0 + e2 - o2 >> shift;
        out[at + 7 * step] = e0 + e3 - o3 >> shift;
    }

    /** A bound for {@code last} of a block for which it is not known. */
    static int last(short[] block, int from) {
        int high = 0;
        for (int i = 32; i < 64; i++) high |= block[from + i];
        int low = 0;
        for (int i = 0; i < 32; i += 8) {
            high |= block[from + i + 4] | block[from + i + 5] | block[from + i + 6] | block[from + i + 7];
            low |= block[from + i + 1] | block[from + i + 2] | block[from + i + 3];
        }
        if (high != 0) return 63;
        boolean flat = (low | block[from + 8] | block[from + 16] | block[from + 24]) == 0;
        return flat ? 0 : QUARTER_END - 1;
    }

    private static void flat(int constant, byte[] samples, int to, int stride) {
        byte sample = sample((constant << PASS_BITS) + (1 << FLAT_SHIFT - 1) >> FLAT_SHIFT);
        for (int row = 0; row < 8; row++) Arrays.fill(samples, to + row * stride, to + row * stride + 8, sample);
    }

    private static void column(short[] in, int at, int[] quantization, int q, int[] out) {
        int c1 = in[at + 8];
        int c2 = in[at + 16];
        int c3 = in[at + 24];
        int c4 = in[at + 32];
        int c5 = in[at + 40];
        int c6 = in[at + 48];
        int c7 = in[at + 56];
        int c0 = in[at] * quantization[q];
        if ((c1 | c2 | c3 | c4 | c5 | c6 | c7) == 0) {
            int constant = c0 << PASS_BITS;
            for (int i = 0; i < 64; i += 8) out[q + i] = constant;
            return;
        }
        c2 *= quantization[q + 16];
        c6 *= quantization[q + 48];
        c4 *= quantization[q + 32];
        int z = (c2 + c6) * F_0_541;
        int e2 = z - c6 * F_1_847;
        int e3 = z + c2 * F_0_765;
        int e0 = (c0 + c4) << CONSTANT_BITS;
        int e1 = (c0 - c4) << CONSTANT_BITS;
        int half = 1 << FIRST_SHIFT - 1;
        int s0 = e0 + e3 + half;
        int s3 = e0 - e3 + half;
        int s1 = e1 + e2 + half;
        int s2 = e1 - e2 + half;

        c7 *= quantization[q + 56];
        c5 *= quantization[q + 40];
        c3 *= quantization[q + 24];
        c1 *= quantization[q + 8];
        int z5 = (c7 + c3 + c5 + c1) * F_1_175;
        int z1 = -(c7 + c1) * F_0_899;
        int z2 = -(c5 + c3) * F_2_562;
        int z3 = z5 - (c7 + c3) * F_1_961;
        int z4 = z5 - (c5 + c1) * F_0_390;
        int o0 = c7 * F_0_298 + z1 + z3;
        int o1 = c5 * F_2_053 + z2 + z4;
        int o2 = c3 * F_3_072 + z2 + z3;
        int o3 = c1 * F_1_501 + z1 + z4;
        out[q] = s0 + o3 >> FIRST_SHIFT;
        out[q + 56] = s0 - o3 >> FIRST_SHIFT;
        out[q + 8] = s1 + o2 >> FIRST_SHIFT;
        out[q + 48] = s1 - o2 >> FIRST_SHIFT;
        out[q + 16] = s2 + o1 >> FIRST_SHIFT;
        out[q + 40] = s2 - o1 >> FIRST_SHIFT;
        out[q + 24] = s3 + o0 >> FIRST_SHIFT;
        out[q + 32] = s3 - o0 >> FIRST_SHIFT;
    }

    private static void row(int[] in, int at, byte[] out, int to) {
        int c0 = in[at];
        int c1 = in[at + 1];
        int c2 = in[at + 2];
        int c3 = in[at + 3];
        int c4 = in[at + 4];
        int c5 = in[at + 5];
        int c6 = in[at + 6];
        int c7 = in[at + 7];
        int z = (c2 + c6) * F_0_541;
        int e2 = z - c6 * F_1_847;
        int e3 = z + c2 * F_0_765;
        int e0 = (c0 + c4) << CONSTANT_BITS;
        int e1 = (c0 - c4) << CONSTANT_BITS;
        int half = 1 << SECOND_SHIFT - 1;
        int s0 = e0 + e3 + half;
        int s3 = e0 - e3 + half;
        int s1 = e1 + e2 + half;
        int s2 = e1 - e2 + half;

        int z5 = (c7 + c3 + c5 + c1) * F_1_175;
        int z1 = -(c7 + c1) * F_0_899;
        int z2 = -(c5 + c3) * F_2_562;
        int z3 = z5 - (c7 + c3) * F_1_961;
        int z4 = z5 - (c5 + c1) * F_0_390;
        int o0 = c7 * F_0_298 + z1 + z3;
        int o1 = c5 * F_2_053 + z2 + z4;
        int o2 = c3 * F_3_072 + z2 + z3;
        int o3 = c1 * F_1_501 + z1 + z4;
        out[to] = sample(s0 + o3 >> SECOND_SHIFT);
        out[to + 7] = sample(s0 - o3 >> SECOND_SHIFT);
        out[to + 1] = sample(s1 + o2 >> SECOND_SHIFT);
        out[to + 6] = sample(s1 - o2 >> SECOND_SHIFT);
        out[to + 2] = sample(s2 + o1 >> SECOND_SHIFT);
        out[to + 5] = sample(s2 - o1 >> SECOND_SHIFT);
        out[to + 3] = sample(s3 + o0 >> SECOND_SHIFT);
        out[to + 4] = sample(s3 - o0 >> SECOND_SHIFT);
    }

    private static byte sample(int value) {
        return (byte) Math.max(Math.min(value + CENTER, 255), 0);
    }
}
