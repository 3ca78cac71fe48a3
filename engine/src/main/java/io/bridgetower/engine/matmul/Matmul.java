package io.bridgetower.engine.matmul;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * The product behind {@link Linear}, in the loops of the BLIS framework (van Zee and van de Geijn, 2015), from the
 * outside in:
 *
 * <ul>
 *   <li>ic: blocks of rows, whose tiles are packed by the threads that meet them first,
 *   <li>jc: groups of panels, and parts of the block's tiles if those are too few: the tasks,
 *   <li>jr: panels that stay in the second-level cache while all tiles of the task meet them,
 *   <li>pc: blocks of the sum that one tile call covers,
 *   <li>ir: the tiles, which stream from the third-level cache; threads begin at different ones, so that
 *       each packs others.
 * </ul>
 *
 * Which task computes an element changes nothing about how it is summed, so the result has the same bits for any number
 * of threads and any other rows in the batch.
 */
public final class Matmul {
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
     * Panels that a tile of rows meets before the next tile does, while it is near. With sums of 768 they are a third of a
     * second-level cache of 1 MB, or less.
     */
    private static final int PANELS_TOGETHER = Math.min(4, 128 / TileShape.PANEL);

    /** Tasks for each thread, so that one held up by the system does not hold up all, and 16 end at much the same time. */
    private static final int TASKS_PER_THREAD = 6;

    /**
     * Tiles of rows that are worth widening a panel of 16 bits for, which takes as long as one or two of them. Each would
     * widen it in registers otherwise, where vectors of 512 bits have two ports for that and for the multiply-adds.
     */
    public static final int TILES_PER_WIDENING = 16;

    /** Where, in the scratch memory of a thread, tiles that lack blocks of their sum lie: behind the finished one. */
    private static final int UNFINISHED = 2 * TileShape.SUM_FLOATS;

    /** Where computed tiles go. */
    @FunctionalInterface
    private interface Output {
        /**
         * @param values of a tile, {@link TileShape#PANEL} floats of each row; may be changed, and as many floats behind them
         * @param tile of the rows
         * @param row first of the tile
         * @param rows of the tile that there are
         * @param column first of the panel
         */
        void write(float[] values, int tile, int row, int rows, int column);
    }

    private final PackedRows x;
    private final Linear linear;
    private final Output output;
    private final int panels;
    private final int groups;
    private final int parts;
    private final int slots;
    private final float[][] scratch;

    /** For each slot, room for the widened panels that are met together; null where tiles widen them. */
    private final MemorySegment widened;

    private final long widenedOffset, widenedBytes;

    private Matmul(Workspace workspace, PackedRows x, Linear linear, Output output) {
        this.x = x;
        this.linear = linear;
        this.output = output;
        panels = TileShape.panels(linear.out());
        int tasks = tasks(workspace.workers());
        groups = Math.clamp(panels, 1, tasks);
        parts = Math.min(x.tiles(), (tasks + groups - 1) / groups);
        int unfinished = x.blocks() == 1 ? 0 : x.tiles() * PANELS_TOGETHER;
        slots = Math.min(workspace.workers().threads(), groups * parts);
        scratch = workspace.arrays(slots, UNFINISHED + unfinished * TileShape.SUM_FLOATS);
        boolean widens = widens(linear.precision(), x.tiles() / parts);
        widenedBytes = PANELS_TOGETHER * TileShape.PANEL_BYTES * Math.min(linear.in(), TileShape.MAX_K);
        widenedOffset = widens ? workspace.take(TileShape.memoryOfPanels(slots * widenedBytes)) : 0;
        widened = widens ? workspace.chunk() : null;
    }

    /** {@code y = activation(x·Wᵀ + b) + residual}. */
    public static void multiply(Workspace workspace, Matrix x, Linear linear, Epilogue epilogue, Matrix y) {
        int together = rowsTogether(workspace, x.rows(), linear.in());
        for (int first = 0; first < x.rows(); first += together) {
            int rows = Math.min(together, x.rows() - first);
            PackedRows packed = PackedRows.of(workspace, 0, x.rows(first, rows));
            multiply(workspace, packed, linear, epilogue.rows(first, rows), y.rows(first, rows));
        }
    }

    /** {@code y = activation(x·W₁ᵀ + b₁)·W₂ᵀ + b₂ + residual}. */
    public static void multiply(
            Workspace workspace,
            Matrix x,
            Linear linear1,
            Activation activation,
            Linear linear2,
            Epilogue epilogue,
            Matrix y) {
        multiply(workspace, x, linear1, activation, (own, rows, first) -> {}, linear2, epilogue, y);
    }

    /** What becomes of the first product's rows before the second: they are a block of all rows, which starts at {@code first}. */
    @FunctionalInterface
    public interface Between {
        void apply(Workspace workspace, PackedRows rows, int first);
    }

    /** {@code y = between(activation(x·W₁ᵀ + b₁))·W₂ᵀ + b₂ + residual}. */
    public static void multiply(
            Workspace workspace,
            Matrix x,
            Linear linear1,
            Activation activation,
            Between step,
            Linear linear2,
            Epilogue epilogue,
            Matrix y) {
        int together = rowsTogether(workspace, x.rows(), Math.max(linear1.in(), linear1.out()));
        for (int first = 0; first < x.rows(); first += together) {
            int rows = Math.min(together, x.rows() - first);
            PackedRows packed = PackedRows.of(workspace, 0, x.rows(first, rows));
            PackedRows between = PackedRows.in(workspace, 1, rows, linear1.out());
            run(workspace, packed, linear1, (values, tile, row, rowsOfTile, column) -> {
                Activations.apply(activation, values, 0, rowsOfTile * TileShape.PANEL);
                between.put(values, tile, rowsOfTile, column);
            });
            step.apply(workspace, between, first);
            multiply(workspace, between, linear2, epilogue.rows(first, rows), y.rows(first, rows));
        }
    }

    private static void multiply(Workspace workspace, PackedRows x, Linear linear, Epilogue epilogue, Matrix y) {
        run(workspace, x, linear, (values, tile, row, rows, column) -> {
            int columns = Math.min(TileShape.PANEL, linear.out() - column);
            epilogue.apply(values, rows, y, row, column, columns);
        });
    }

    /** As many tasks as keep all threads busy. */
    private static int tasks(Workers workers) {
        return workers.threads() == 1 ? 1 : TASKS_PER_THREAD * workers.threads();
    }

    /** Rows of a block: all blocks but the last consist of full tiles. */
    private static int rowsTogether(Workspace workspace, int rows, int columns) {
        int threads = workspace.workers().threads();
        int floats = Math.clamp((long) threads * BLOCK_FLOATS_PER_THREAD, MIN_BLOCK_FLOATS, MAX_BLOCK_FLOATS);
        int most = Math.max(1, floats / (TileShape.blocks(columns) * TileShape.TILE_FLOATS));
        int tiles = TileShape.tiles(rows), blocks = (tiles + most - 1) / most;
        return Math.max(1, (tiles + blocks - 1) / Math.max(1, blocks)) * TileShape.MAX_ROWS;
    }

    private static void run(Workspace workspace, PackedRows x, Linear linear, Output output) {
        long mark = workspace.mark();
        Matmul product = new Matmul(workspace, x, linear, output);
        workspace.workers().run(product.groups * product.parts, product::task);
        workspace.release(mark);
    }

    /** Whether a panel is widened once for all of the tiles that meet it. */
    public static boolean widens(WeightPrecision precision, int tiles) {
        return precision != WeightPrecision.F32 && Lanes.REGISTERS == 32 && tiles >= TILES_PER_WIDENING;
    }

    private void task(int slot, int task) {
        int group = task / parts, part = task % parts;
        int firstTile = Workers.start(x.tiles(), parts, part), endTile = Workers.start(x.tiles(), parts, part + 1);
        int firstPanel = Workers.start(panels, groups, group);
        int count = Workers.start(panels, groups, group + 1) - firstPanel;
        int passes = (count + PANELS_TOGETHER - 1) / PANELS_TOGETHER;
        for (int pass = 0; pass < passes; pass++) {
            int first = firstPanel + Workers.start(count, passes, pass);
            int end = firstPanel + Workers.start(count, passes, pass + 1);
            multiplyTiles(slot, firstTile, endTile, first, end);
        }
    }

    private void multiplyTiles(int slot, int firstTile, int endTile, int firstPanel, int endPanel) {
        float[] sums = scratch[slot];
        WeightPrecision precision = widened == null ? linear.precision() : WeightPrecision.F32;
        int last = x.blocks() - 1;
        for (int block = 0; block <= last; block++) {
            int firstK = TileShape.blockStart(linear.in(), block);
            int k = TileShape.blockStart(linear.in(), block + 1) - firstK;
            MemorySegment panels = linear.panels();
            long firstB = linear.panelOffset(firstPanel, firstK);
            long panelBytes = linear.panelBytes(), stripe = linear.stripeBytes();
            if (widened != null) {
                panels = widened;
                firstB = widenedOffset + slot * widenedBytes;
                panelBytes = k * TileShape.PANEL_BYTES;
                stripe = (long) k * Lanes.BYTES;
                for (int panel = firstPanel; panel < endPanel; panel++) {
                    Panels.widen(linear, panel, firstK, k, panels, firstB + (panel - firstPanel) * panelBytes);
                }
            }
            float[] d = block == 0 ? linear.bias() : sums;
            int dStride = block == 0 ? 0 : TileShape.PANEL;
            int unfinished = UNFINISHED;
            int tiles = endTile - firstTile, turn = tiles * slot / slots;
            for (int i = 0; i < tiles; i++) {
                int tile = firstTile + (i + turn) % tiles;
                x.need(tile, block);
                Tile kernel = TileCompiler.tile(precision, TileShape.height(x.rows(), tile));
                int a = x.at(tile, block), row = TileShape.firstRow(x.rows(), tile), rows = x.rows(tile);
                long b = firstB;
                for (int panel = firstPanel;
                        panel < endPanel;
                        panel++, unfinished += TileShape.SUM_FLOATS, b += panelBytes) {
                    int column = panel * TileShape.PANEL;
                    int dAt = block == 0 ? column : unfinished, c = block == last ? 0 : unfinished;
                    kernel.run(d, dAt, dStride, x.floats(), a, panels, b, stripe, k, sums, c, TileShape.PANEL);
                    if (block == last) output.write(sums, tile, row, rows, column);
                }
            }
        }
    }
}
