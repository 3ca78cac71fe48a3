package io.bridgetower.engine;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes a square block of lanes × lanes floats that lies in cache, in log₂(lanes) passes: pass h swaps the
 * off-diagonal quarters of every sub-block of 2h × 2h, for h = 1, 2, 4 and so on.
 */
final class Transpose {
    /** Bytes of the block. */
    static final long BLOCK_BYTES = (long) VectorWidth.LANES * VectorWidth.BYTES;

    private static final int PASSES = Integer.numberOfTrailingZeros(VectorWidth.LANES);

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final VectorShuffle<Float>[] UP = new VectorShuffle[PASSES];

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final VectorShuffle<Float>[] DOWN = new VectorShuffle[PASSES];

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final VectorMask<Float>[] ODD = new VectorMask[PASSES];

    static {
        for (int pass = 0; pass < PASSES; pass++) {
            int half = 1 << pass;
            UP[pass] = VectorShuffle.fromOp(VectorWidth.F32, lane -> (lane - half) & (VectorWidth.LANES - 1));
            DOWN[pass] = VectorShuffle.fromOp(VectorWidth.F32, lane -> (lane + half) & (VectorWidth.LANES - 1));
            long bits = 0;
            for (int lane = 0; lane < VectorWidth.LANES; lane++) if ((lane & half) != 0) bits |= 1L << lane;
            ODD[pass] = VectorMask.fromLong(VectorWidth.F32, bits);
        }
    }

    private Transpose() {}

    /** Transposes the block of rows without gaps at {@code offset}, in place. */
    static void inPlace(MemorySegment block, long offset) {
        for (int pass = 0; pass < PASSES; pass++) {
            int half = 1 << pass;
            VectorShuffle<Float> up = UP[pass], down = DOWN[pass];
            VectorMask<Float> odd = ODD[pass];
            for (int pair = 0; pair < VectorWidth.LANES / 2; pair++) {
                int row = (pair / half) * 2 * half + pair % half;
                long first = offset + (long) row * VectorWidth.BYTES;
                long second = first + (long) half * VectorWidth.BYTES;
                FloatVector a = Vectors.load(block, first), b = Vectors.load(block, second);
                Vectors.store(a.blend(b.rearrange(up), odd), block, first);
                Vectors.store(a.rearrange(down).blend(b, odd), block, second);
            }
        }
    }
}
