package io.bridgetower.model.checkpoint.tensor;

import java.util.Arrays;

/** Arithmetic on shapes that a file claims. */
public final class Shapes {
    /** As many as torch allows; keeps a claimed shape from being a large object itself. */
    public static final int MAX_RANK = 64;

    private Shapes() {}

    /**
     * Number of elements.
     *
     * @throws ArithmeticException if it passes 2<sup>63</sup>
     */
    public static long elements(long[] shape) {
        for (long dim : shape) if (dim == 0) return 0;
        long elements = 1;
        for (long dim : shape) elements = Math.multiplyExact(elements, dim);
        return elements;
    }

    public static boolean matches(long[] shape, int[] expected) {
        return Arrays.equals(shape, Arrays.stream(expected).asLongStream().toArray());
    }

    /**
     * The shape in ints.
     *
     * @throws ArithmeticException if a dimension passes 2<sup>31</sup>
     */
    public static int[] toInts(long[] shape) {
        return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
    }
}
