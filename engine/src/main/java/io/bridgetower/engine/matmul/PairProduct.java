package io.bridgetower.engine.matmul;

import io.bridgetower.engine.bf16.Bf16Kernel.Operand;
import io.bridgetower.engine.bf16.Bf16Kernel.Window;
import io.bridgetower.engine.bf16.Strips;
import io.bridgetower.engine.runtime.Workspace;

/**
 * The product of {@link PairPanels}. All tiles of the rows, which lie in the second-level cache, meet a strip of B before the
 * next one does, and the kernel brings that one near meanwhile.
 */
final class PairProduct extends PanelProduct {
    /** Panels that a block of the sum meets before the next block does. */
    private static final int PANELS_TOGETHER = 2;

    /** Products of tiles, in steps, that one call of the kernel computes at the most: 25 µs on a processor with tiles. */
    private static final int MAX_PRODUCTS = 1024;

    /** Floats of the sums of a tile. */
    private static final int TILE = PairPanels.HEIGHT * TileShape.PANEL;

    private final PairRows x;
    private final Output output;
    private final PairPanels format;

    /** Steps that one call of the kernel computes at the most. */
    private final int mostSteps;

    private final float[][] scratch;

    /** Where the sums of a thread end in its scratch memory. */
    private final int behind;

    PairProduct(Workspace workspace, PairRows x, Linear linear, Output output) {
        super(workspace, x, linear, PANELS_TOGETHER);
        this.x = x;
        this.output = output;
        format = (PairPanels) linear.format();
        mostSteps = MAX_PRODUCTS / format.split().products();
        behind = (x.blocks() == 1 ? 1 : PANELS_TOGETHER) * mostTiles() * TILE;
        scratch = workspace.arrays(slots, behind + Math.max(TILE, PairRows.SCRATCH));
    }

    /** Threads begin to pack at different tiles, so that each packs others. */
    @Override
    void multiplyTiles(int slot, int firstTile, int endTile, int firstPanel, int endPanel) {
        float[] sums = scratch[slot];
        int tiles = endTile - firstTile, blocks = x.blocks();
        for (int block = 0; block < blocks; block++) {
            for (int i = 0, turn = tiles * slot / slots; i < tiles; i++) {
                x.need(firstTile + (i + turn) % tiles, block, sums, behind);
            }
            for (int panel = firstPanel; panel < endPanel; panel++) {
                // A tile that is finished overwrites the one behind it, which is finished too.
                int at = blocks == 1 ? 0 : (endPanel - 1 - panel) * tiles * TILE;
                multiply(block, panel, firstTile, endTile, sums, at);
                if (block == blocks - 1) finish(panel, firstTile, endTile, sums, at);
            }
        }
    }

    private void multiply(int block, int panel, int firstTile, int endTile, float[] sums, int at) {
        int steps = PairPanels.steps(linear.in(), block), most = Math.max(1, mostSteps / steps);
        int partial = x.rows(endTile - 1) < PairPanels.HEIGHT ? endTile - 1 : endTile;
        for (int strip = 0; strip < PairPanels.STRIPS; strip++) {
            int column = strip * Strips.COLUMNS;
            long b = format.offset(linear, panel, strip, block);
            for (int tile = firstTile, count; tile < endTile; tile += count) {
                count = tile < partial ? Math.min(most, partial - tile) : 1;
                int sum = at + (tile - firstTile) * TILE + column;
                Window c = new Window(sums, sum, TileShape.PANEL, TILE);
                Window d = block > 0 ? c : new Window(linear.bias(), panel * TileShape.PANEL + column, 0, 0);
                format.kernel()
                        .run(
                                new Operand(x.memory(), x.at(tile, block), x.tileBytes(block)),
                                new Operand(linear.panels(), b, 0),
                                d,
                                c,
                                steps,
                                x.rows(tile),
                                count);
            }
        }
    }

    private void finish(int panel, int firstTile, int endTile, float[] sums, int at) {
        for (int tile = endTile - 1; tile >= firstTile; tile--) {
            int sum = at + (tile - firstTile) * TILE;
            output.write(sums, sum, tile, x.firstRow(tile), x.rows(tile), panel * TileShape.PANEL);
        }
    }
}
