package io.bridgetower.engine;

/**
 * How exactly matrix products are computed. Softmax, normalization, activations and sums are those of 32 bits in any case.
 *
 * <p>The stated error is the largest that an element of a result may have, as a part of the largest element: measured, with a
 * margin, for models of every size. See docs/performance.md.
 */
public enum ProductPrecision {
    /** Products of 32 bits. */
    F32(0, 1e-5),
    /** Weights and activations are rounded to 16 bits where they are multiplied: three significant digits. */
    BF16(1, 5e-2),
    /** As the sum of two 16-bit parts: three products for one. */
    BF16X3(2, 1e-4),
    /** As the sum of three 16-bit parts: six products for one, as exact as those of 32 bits. */
    BF16X6(3, 1e-5);

    private final int parts;
    private final double error;

    ProductPrecision(int parts, double error) {
        this.parts = parts;
        this.error = error;
    }

    /** 16-bit parts that an element is split into; 0 for none. */
    public int parts() {
        return parts;
    }

    /** The stated error. */
    public double error() {
        return error;
    }
}
