package io.bridgetower.engine.matmul;

import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The formats whose products are of 32 bits, multiplied by the {@link Tile}s that {@link TileCompiler} makes. A panel lies in
 * memory as {@link TileShape} describes; weights of 16 bits are widened on the way.
 */
public enum FloatPanels implements PanelFormat {
    /** Weights of 32 bits. */
    F32(WeightPrecision.F32),
    /**
     * Weights of 16 bits: an element of a stripe of the first half of a panel and one of the second share 32 bits, the first
     * the lower half, so that a shift and a mask widen them in registers.
     */
    BF16(WeightPrecision.BF16);

    /**
     * Floats of the packed rows of a block at the least, 4 MB. Panels come from memory once for each block of rows and
     * slower than they are used: the first tile to meet a panel takes a third longer than the others. So blocks of rows are
     * high.
     */
    private static final int MIN_BLOCK_FLOATS = 1 << 20;

    /**
     * The same for each thread, 1 MB, and at the most. The more threads, the more wait at the end of a block: with the most,
     * 8 pairs take 16 threads 0.96 of the time that they take with the least, and 2 threads 1.01.
     */
    private static final int BLOCK_FLOATS_PER_THREAD = 1 << 18, MAX_BLOCK_FLOATS = 1 << 22;

    /**
     * Tiles of rows that are worth widening a panel of 16 bits for, which takes as long as one or two of them. Each would
     * widen it in registers otherwise, where vectors of 512 bits have two ports for that and for the multiply-adds.
     */
    public static final int TILES_PER_WIDENING = 16;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt PAIR = ValueLayout.JAVA_INT_UNALIGNED;

    private final WeightPrecision weights;

    FloatPanels(WeightPrecision weights) {
        this.weights = weights;
    }

    static FloatPanels of(WeightPrecision weights) {
        return weights == WeightPrecision.F32 ? F32 : BF16;
    }

    /** Whether a panel is widened once for all of the tiles that meet it. */
    public boolean widens(int tiles) {
        return this == BF16 && Lanes.REGISTERS == 32 && tiles >= TILES_PER_WIDENING;
    }

    /**
     * Steps of the sum in one turn of the tile's loop. With two, fewer instructions count and branch. Four would take the
     * JIT compiler another half second for each tile, and a tile of 6 × 4 would be too long for it. Where weights are
     * widened, two are no faster than one.
     */
    int steps() {
        return this == F32 ? 2 : 1;
    }

    /**
     * Rows of a tile whose loads C2 may move to the front; the next ones are behind a branch. In one piece of straight code
     * it loads the elements of A for all rows before the first multiply-add. Where they and the sums are more than the
     * registers, C2 spills sums or addresses in every step. With Shenandoah's barriers, or a debugger's agent that keeps
     * variables alive, it still does, unless {@code -XX:-UseFPUForSpilling} is set. Of 16 registers, the sums and a row of B
     * leave room for 2 in a tile of 6 rows, for 4 in one of 5; where weights are widened, which takes registers too, 2 are as
     * fast.
     */
    int rowsLoadedTogether(int rows) {
        if (Lanes.REGISTERS == 32) return 3;
        return this == F32 ? Lanes.REGISTERS - TileShape.VECTORS * (rows + 1) : 2;
    }

    /** Bytes from one panel to the next, of so many rows. */
    long panelBytes(int rows) {
        return (long) rows * TileShape.PANEL * weights.bytes();
    }

    @Override
    public FloatPanels ofComputed() {
        return F32;
    }

    @Override
    public boolean isCutAnywhere() {
        return true;
    }

    @Override
    public long byteSize(int panels, int in) {
        return TileShape.memoryOfPanels(panels * panelBytes(in));
    }

    @Override
    public void write(WeightBlock rows, int depth, Linear to, int panel, int firstK) {
        long at = to.panelOffset(panel, firstK);
        int stripes = this == F32 ? TileShape.VECTORS : TileShape.VECTORS / 2, count = depth * Lanes.COUNT;
        for (int v = 0; v < stripes; v++, at += to.stripeBytes()) {
            if (this == F32) MemorySegment.copy(rows.stripes(), v * WeightBlock.STRIPE, to.panels(), FLOAT, at, count);
            else MemorySegment.copy(pairs(rows, v, count), 0, to.panels(), PAIR, at, count);
        }
    }

    private static int[] pairs(WeightBlock rows, int stripe, int count) {
        int first = stripe * WeightBlock.STRIPE, second = first + TileShape.VECTORS / 2 * WeightBlock.STRIPE;
        for (int i = 0; i < count; i++) {
            int low = WeightPrecision.toBf16(rows.stripes()[first + i]);
            int high = WeightPrecision.toBf16(rows.stripes()[second + i]);
            rows.pairs()[i] = high << Short.SIZE | low;
        }
        return rows.pairs();
    }

    @Override
    public int rowsTogether(int threads, int rows, int columns) {
        int floats = Math.clamp((long) threads * BLOCK_FLOATS_PER_THREAD, MIN_BLOCK_FLOATS, MAX_BLOCK_FLOATS);
        int most = Math.max(1, floats / (TileShape.blocks(columns) * TileShape.TILE_FLOATS));
        int tiles = TileShape.tiles(rows), blocks = (tiles + most - 1) / most;
        return Math.max(1, (tiles + blocks - 1) / Math.max(1, blocks)) * TileShape.MAX_ROWS;
    }

    @Override
    public FloatRows rows(Workspace workspace, int use, int rows, int columns, Matrix source) {
        return FloatRows.in(workspace, use, rows, columns, source);
    }

    @Override
    public boolean takesPanels() {
        return true;
    }

    @Override
    public PanelProduct product(Workspace workspace, PackedRows x, Linear linear, PanelProduct.Output output) {
        return new FloatProduct(workspace, (FloatRows) x, linear, output);
    }
}
