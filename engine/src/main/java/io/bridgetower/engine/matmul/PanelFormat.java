package io.bridgetower.engine.matmul;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;

/**
 * How the operands of a product lie in memory, and what multiplies them: one for each precision of weights and of products.
 *
 * <p>In every format, the right-hand side is cut into panels of {@link TileShape#PANEL} columns, and the left-hand side into
 * tiles of rows, whose height is the format's own.
 */
public sealed interface PanelFormat permits FloatPanels, PairPanels {
    /** Weights and products of 32 bits. */
    PanelFormat F32 = FloatPanels.of(WeightPrecision.F32);

    /**
     * The format for weights that are held and multiplied in a way. Where products are of 16 bits, so are the weights: as one
     * part with {@link WeightPrecision#BF16}, otherwise as many as the precision has.
     */
    static PanelFormat of(WeightPrecision weights, ProductPrecision products) {
        return products == ProductPrecision.F32 ? FloatPanels.of(weights) : PairPanels.of(weights, products);
    }

    /** The format of the same products whose right-hand side is not a weight, but computed too. */
    PanelFormat ofComputed();

    /** Whether {@link Linear#inputs} can take a part of a layer at any input. */
    boolean isCutAnywhere();

    /** Bytes of panels of so many inputs. */
    long byteSize(int panels, int in);

    /**
     * Writes rows of a panel of a layer.
     *
     * @param rows as stripes; may be changed
     * @param depth how many
     * @param firstK the first, a multiple of {@link WeightBlock#DEPTH}
     */
    void write(WeightBlock rows, int depth, Linear to, int panel, int firstK);

    /** Rows of a left-hand side with so many columns that are multiplied together, so that they stay in a cache. */
    int rowsTogether(int threads, int rows, int columns);

    /**
     * A left-hand side on the workspace.
     *
     * @param use 0, or 1 for a second one at the same time
     * @param source what is to be packed where it is needed; null if values are {@linkplain PackedRows#put put}
     */
    PackedRows rows(Workspace workspace, int use, int rows, int columns, Matrix source);

    /** Whether {@link PackedRows#put} takes panels of a product. */
    boolean takesPanels();

    /** A product of rows of this format and a layer of this format. */
    PanelProduct product(Workspace workspace, PackedRows x, Linear linear, PanelProduct.Output output);
}
