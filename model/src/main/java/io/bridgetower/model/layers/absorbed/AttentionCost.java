package io.bridgetower.model.layers.absorbed;

/** Floating-point operations of attention, and the rule by which one way to compute it is chosen. */
public final class AttentionCost {
    private AttentionCost() {}

    /**
     * Whether an {@link Absorption} is the way to attend, from few rows to many or from many to few: where it saves a third
     * of the operations, because each of them takes longer.
     */
    public static boolean isAbsorbedCheaper(long few, long many, long heads, long width) {
        return 3 * absorbedAttention(few, many, heads, width) < 2 * attention(few, many, width);
    }

    /** All four projections of the few rows, and two products with the many, as wide as all heads for each head. */
    public static long absorbedAttention(long few, long many, long heads, long width) {
        return 4 * linear(few, width, width) + 2 * linear(heads * few, width, many);
    }

    /** Query and output of {@code rows}, keys and values of {@code keys}, and the two products between them. */
    public static long attention(long rows, long keys, long width) {
        return 2 * linear(rows, width, width) + 2 * linear(keys, width, width) + 2 * linear(rows, width, keys);
    }

    /** A linear layer on {@code rows} rows: two operations for each multiply-add. */
    public static long linear(long rows, long in, long out) {
        return 2 * rows * in * out;
    }
}
