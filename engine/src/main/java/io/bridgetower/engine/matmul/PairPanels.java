package io.bridgetower.engine.matmul;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.bf16.Bf16Kernel;
import io.bridgetower.engine.bf16.Bf16Kernels;
import io.bridgetower.engine.bf16.Split;
import io.bridgetower.engine.bf16.Strips;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;

/**
 * The formats whose products are of 16 bits: pairs, in {@link Strips}, multiplied by a {@link Bf16Kernel}. Memory holds a
 * block of the sum of all panels after the other; in a block, panel by panel, the strips of a panel.
 *
 * @param split the parts of elements
 * @param kernel what multiplies them
 */
public record PairPanels(Split split, Bf16Kernel kernel) implements PanelFormat {
    /** Rows of a tile. */
    static final int HEIGHT = Strips.ROWS;

    /**
     * The longest sum of one call of the kernel, in steps. A block of rows, of B's strip and of the sums is what a
     * second-level cache has to hold.
     */
    static final int BLOCK_STEPS = 32;

    /** Bytes of a block of the packed rows, more than half of a second-level cache of 2 MB, and tiles of rows, at the most. */
    private static final int BLOCK_BYTES = 5 << 18, BLOCK_TILES = 24;

    /** Strips of a panel. */
    public static final int STRIPS = TileShape.PANEL / Strips.COLUMNS;

    static PairPanels of(WeightPrecision weights, ProductPrecision products) {
        return of(new Split(products.parts(), weights == WeightPrecision.BF16 ? 1 : products.parts()));
    }

    private static PairPanels of(Split split) {
        return new PairPanels(split, Bf16Kernels.of(split));
    }

    /** For what is computed, which has as many parts on both sides. */
    @Override
    public PairPanels ofComputed() {
        return of(new Split(split.aParts(), split.aParts()));
    }

    /** Blocks of a sum over {@code in}. */
    static int blocks(int in) {
        return Math.max(1, (Strips.steps(in) + BLOCK_STEPS - 1) / BLOCK_STEPS);
    }

    /** Steps of a block. */
    static int steps(int in, int block) {
        return Math.min(BLOCK_STEPS, Strips.steps(in) - block * BLOCK_STEPS);
    }

    /** Where a strip of a layer starts in a block, in bytes. */
    long offset(Linear linear, int panel, int strip, int block) {
        int steps = steps(linear.in(), block);
        long before = (long) linear.allPanels() * block * BLOCK_STEPS + (long) (linear.firstPanel() + panel) * steps;
        return (before * STRIPS + (long) strip * steps) * Strips.bStepBytes(split.bParts());
    }

    @Override
    public boolean isCutAnywhere() {
        return false;
    }

    @Override
    public long byteSize(int panels, int in) {
        return (long) panels * Strips.steps(in) * STRIPS * Strips.bStepBytes(split.bParts());
    }

    @Override
    public void write(WeightBlock rows, int depth, Linear to, int panel, int firstK) {
        int steps = Strips.steps(depth), firstStep = firstK / Strips.DEPTH, block = firstStep / BLOCK_STEPS;
        rows.clearRows(depth, steps * Strips.DEPTH);
        for (int strip = 0; strip < STRIPS; strip++) {
            long at = offset(to, panel, strip, block) + firstStep % BLOCK_STEPS * Strips.bStepBytes(split.bParts());
            for (int tile = 0; tile < Strips.TILES; tile++) {
                int column = strip * Strips.COLUMNS + tile * Strips.TILE_COLUMNS;
                Strips.packWeights(
                        rows.stripes(),
                        WeightBlock.at(column),
                        WeightBlock.STRIPE,
                        steps,
                        split.bParts(),
                        rows.pairs(),
                        to.panels(),
                        at + Strips.tileOffset(tile));
            }
        }
    }

    @Override
    public int rowsTogether(int threads, int rows, int columns) {
        int steps = Math.clamp(Strips.steps(columns), 1, BLOCK_STEPS);
        long most = Math.clamp(BLOCK_BYTES / (steps * Strips.aStepBytes(split.aParts())), 1, BLOCK_TILES);
        int tiles = Math.ceilDiv(rows, HEIGHT), blocks = (int) Math.max(1, Math.ceilDiv(tiles, most));
        return Math.max(1, Math.ceilDiv(tiles, blocks)) * HEIGHT;
    }

    @Override
    public PairRows rows(Workspace workspace, int use, int rows, int columns, Matrix source) {
        return PairRows.in(workspace, split.aParts(), rows, columns, source);
    }

    /** A panel narrower than a step has only halves of pairs. */
    @Override
    public boolean takesPanels() {
        return TileShape.PANEL % Strips.DEPTH == 0;
    }

    @Override
    public PanelProduct product(Workspace workspace, PackedRows x, Linear linear, PanelProduct.Output output) {
        return new PairProduct(workspace, (PairRows) x, linear, output);
    }
}
