package io.bridgetower.engine.attention;

import static io.bridgetower.engine.vector.Lanes.F32;
import static io.bridgetower.engine.vector.Vectors.ORDER;
import static io.bridgetower.engine.vector.Vectors.offHeap;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.matmul.Panels;
import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * Learned embeddings of the distance between a query and a key, added to their score: {@code q·e[l − r + M − 1]} (Shaw
 * et al., arXiv 1803.02155), with the key's {@code k·e[l − r + M − 1]} as well in method 4 of Huang et al. (arXiv
 * 2009.13658).
 *
 * <p>Stored transposed and from the greatest distance down, so that for one query the embeddings of ascending keys lie
 * side by side.
 */
public final class RelativePositions {
    private final MemorySegment columns;
    private final int width;
    private final int positions;
    private final boolean withKeys;

    private RelativePositions(MemorySegment columns, int width, int positions, boolean withKeys) {
        this.columns = columns;
        this.width = width;
        this.positions = positions;
        this.withKeys = withKeys;
    }

    /**
     * A copy of the embeddings.
     *
     * @param arena owner of the copy
     * @param embeddings [2M − 1, head width], from distance 1 − M to M − 1
     * @param withKeys whether keys have their term too
     */
    public static RelativePositions of(Arena arena, Tensor embeddings, boolean withKeys) {
        int distances = embeddings.dim(0), width = embeddings.dim(1), positions = (distances + 1) / 2;
        MemorySegment columns = arena.allocate((long) width * stride(positions) * Float.BYTES, Tensor.ALIGNMENT);
        for (int k = 0; k < width; k++) {
            for (int j = 0; j < distances; j++) {
                long index = (long) k * stride(positions) + j;
                columns.setAtIndex(ValueLayout.JAVA_FLOAT, index, embeddings.get(distances - 1 - j, k));
            }
        }
        return new RelativePositions(columns, width, positions, withKeys);
    }

    /** The number of positions M. */
    public int positions() {
        return positions;
    }

    int width() {
        return width;
    }

    /** Floats of one row: all distances, and room to read a panel beyond the last. */
    private static long stride(int positions) {
        return 2L * positions + TileShape.PANEL;
    }

    /**
     * Adds the terms of one query and one panel of keys to their scores.
     *
     * @param position of the query
     * @param key position of the panel's first key
     * @param query the scaled query, {@code width} floats from {@code queryAt} on
     * @param scale what keys are to be scaled by
     */
    void add(
            float[] query,
            int queryAt,
            int position,
            MemorySegment keyPanel,
            long panelOffset,
            int key,
            float scale,
            float[] scores,
            int scoresAt) {
        MemorySegment embeddings = offHeap(columns);
        keyPanel = offHeap(keyPanel);
        for (int v = 0; v < TileShape.PANEL; v += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(F32);
            long column = positions - 1 - position + key + v;
            for (int k = 0; k < width; k++) {
                FloatVector factor = FloatVector.broadcast(F32, query[queryAt + k]);
                if (withKeys) {
                    long at = panelOffset + Panels.offset(width, k, v);
                    factor = fromMemorySegment(F32, keyPanel, at, ORDER).fma(FloatVector.broadcast(F32, scale), factor);
                }
                sum = fromMemorySegment(F32, embeddings, (k * stride(positions) + column) * Float.BYTES, ORDER)
                        .fma(factor, sum);
            }
            fromArray(F32, scores, scoresAt + v).add(sum).intoArray(scores, scoresAt + v);
        }
    }
}
