package io.bridgetower.model.runtime;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.matmul.PanelFormat;
import java.util.Locale;

/**
 * How a model holds its matrices and how it multiplies with them.
 *
 * @param weights of matrices in memory
 * @param products of matrices
 */
public record Precision(WeightPrecision weights, ProductPrecision products) {
    /** 32 bits throughout. */
    public static final Precision F32 = new Precision(WeightPrecision.F32, ProductPrecision.F32);

    /** How layers are packed. */
    public PanelFormat format() {
        return PanelFormat.of(weights, products);
    }

    /** As in {@code f32} or, where products are not of 32 bits, {@code f32-bf16x3}: what changes the bits of results. */
    public String id() {
        String id = name(weights);
        return products == ProductPrecision.F32 ? id : id + "-" + name(products);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
