package io.bridgetower.processor.image.codec.jpeg;

import io.bridgetower.processor.image.raster.ResampleKernel;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Brings the rows of one component to the width and height of the image as libjpeg does by default: by weights of 3/4
 * and 1/4 where a side is doubled, by repetition otherwise.
 */
final class JpegUpsampler {
    private static final VectorSpecies<Integer> INTS = ResampleKernel.INTS;
    private static final VectorSpecies<Byte> BYTES = ResampleKernel.BYTES;
    private static final int LANES = INTS.length();
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(LANES * Short.SIZE));

    /** Components of so few columns are not smoothed when their width is doubled. */
    private static final int NARROW = 2;

    private final JpegComponent component;
    private final int timesWide;
    private final int timesHigh;
    private final boolean smoothWide;
    private final boolean smoothHigh;
    /** A row of samples or of sums of two rows, each end repeated once. */
    private final int[] sums;

    private final byte[] row;

    JpegUpsampler(JpegComponent component, JpegFrame frame) {
        this.component = component;
        timesWide = frame.mostAcross() / component.across;
        timesHigh = frame.mostDown() / component.down;
        smoothWide = timesWide == 2 && timesHigh <= 2 && component.width > NARROW;
        smoothHigh = timesHigh == 2 && (smoothWide || timesWide == 1);
        sums = new int[component.stride() + 2 + 2 * LANES];
        row = new byte[component.stride() * timesWide + JpegComponent.SLACK];
    }

    /** Where {@link #rowOffset} counts from: valid until the next call of that method. */
    byte[] rows() {
        return direct() ? component.samples : row;
    }

    /** Prepares one row of the image and says where it begins in {@link #rows}. */
    int rowOffset(int y) {
        int stride = component.stride();
        if (direct()) return y * stride;
        int source = y / timesHigh;
        int from = source * stride;
        if (!smoothHigh) {
            if (smoothWide) {
                widen(from);
                doubleWidth(1, 2, 2);
            } else {
                repeat(from);
            }
            return 0;
        }
        boolean upper = y % 2 == 0;
        int neighbour = Math.clamp(upper ? source - 1 : source + 1, 0, component.height - 1);
        addRows(from, neighbour * stride);
        if (smoothWide) doubleWidth(8, 7, 4);
        else quarter(upper ? 1 : 2);
        return 0;
    }

    private boolean direct() {
        return timesWide == 1 && timesHigh == 1;
    }

    private void repeat(int from) {
        for (int i = 0, at = 0; i < component.width; i++, at += timesWide) {
            Arrays.fill(row, at, at + timesWide, component.samples[from + i]);
        }
    }

    private void widen(int from) {
        for (int i = 0; i < component.width; i += LANES) load(from + i).intoArray(sums, 1 + i);
        repeatEnds();
    }

    private void addRows(int from, int neighbour) {
        for (int i = 0; i < component.width; i += LANES) {
            load(from + i).mul(3).add(load(neighbour + i)).intoArray(sums, 1 + i);
        }
        repeatEnds();
    }

    private void repeatEnds() {
        sums[0] = sums[1];
        sums[component.width + 1] = sums[component.width];
    }

    private void quarter(int bias) {
        for (int i = 0; i < component.width; i++) row[i] = (byte) (sums[1 + i] + bias >> 2);
    }

    /** Two samples from each sum: three parts of it, and one of the neighbour to the left, then to the right. */
    private void doubleWidth(int leftBias, int rightBias, int shift) {
        for (int i = 0; i < component.width; i += LANES) {
            IntVector triple = IntVector.fromArray(INTS, sums, 1 + i).mul(3);
            IntVector left = triple.add(IntVector.fromArray(INTS, sums, i)).add(leftBias);
            IntVector right = triple.add(IntVector.fromArray(INTS, sums, i + 2)).add(rightBias);
            left = left.lanewise(VectorOperators.ASHR, shift);
            right = right.lanewise(VectorOperators.ASHR, shift);
            IntVector pairs = left.or(right.lanewise(VectorOperators.LSHL, Byte.SIZE));
            pairs.convertShape(VectorOperators.I2S, SHORTS, 0)
                    .reinterpretAsBytes()
                    .intoArray(row, 2 * i);
        }
    }

    private IntVector load(int at) {
        return (IntVector) ByteVector.fromArray(BYTES, component.samples, at)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }
}
