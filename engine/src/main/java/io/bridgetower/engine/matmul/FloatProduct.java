package io.bridgetower.engine.matmul;

import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.MemorySegment;

/** The product of {@link FloatPanels}. Its tiles stream from the third-level cache past a few panels in the second-level one. */
final class FloatProduct extends PanelProduct {
    /**
     * Panels that a tile of rows meets before the next tile does, while it is near. With sums of 768 they are a third of a
     * second-level cache of 1 MB, or less.
     */
    private static final int PANELS_TOGETHER = Math.min(4, 128 / TileShape.PANEL);

    /** Where, in the scratch memory of a thread, tiles that lack blocks of their sum lie: behind the finished one. */
    private static final int UNFINISHED = 2 * TileShape.SUM_FLOATS;

    private final FloatRows x;
    private final Output output;
    private final FloatPanels format;
    private final float[][] scratch;

    /** For each slot, room for the widened panels that are met together; null where tiles widen them. */
    private final MemorySegment widened;

    private final long widenedOffset, widenedBytes;

    FloatProduct(Workspace workspace, FloatRows x, Linear linear, Output output) {
        super(workspace, x, linear, PANELS_TOGETHER);
        this.x = x;
        this.output = output;
        format = (FloatPanels) linear.format();
        int unfinished = x.blocks() == 1 ? 0 : x.tiles() * PANELS_TOGETHER;
        scratch = workspace.arrays(slots, UNFINISHED + unfinished * TileShape.SUM_FLOATS);
        boolean widens = format.widens(leastTiles());
        widenedBytes = PANELS_TOGETHER * TileShape.PANEL_BYTES * Math.min(linear.in(), TileShape.MAX_K);
        widenedOffset = widens ? workspace.take(TileShape.memoryOfPanels(slots * widenedBytes)) : 0;
        widened = widens ? workspace.chunk() : null;
    }

    /** Threads begin at different tiles, so that each packs others. */
    @Override
    void multiplyTiles(int slot, int firstTile, int endTile, int firstPanel, int endPanel) {
        float[] sums = scratch[slot];
        FloatPanels tileFormat = widened == null ? format : FloatPanels.F32;
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
                x.need(tile, block, sums, 0);
                Tile kernel = TileCompiler.tile(tileFormat, TileShape.height(x.rows(), tile));
                int a = x.at(tile, block), row = x.firstRow(tile), rows = x.rows(tile);
                long b = firstB;
                for (int panel = firstPanel;
                        panel < endPanel;
                        panel++, unfinished += TileShape.SUM_FLOATS, b += panelBytes) {
                    int column = panel * TileShape.PANEL;
                    int dAt = block == 0 ? column : unfinished, c = block == last ? 0 : unfinished;
                    kernel.run(d, dAt, dStride, x.floats(), a, panels, b, stripe, k, sums, c, TileShape.PANEL);
                    if (block == last) output.write(sums, 0, tile, row, rows, column);
                }
            }
        }
    }
}
