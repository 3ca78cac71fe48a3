package io.bridgetower.engine.matmul;

import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;

/**
 * The product of packed rows and a layer, shared out over threads by groups of panels, and by parts of the tiles if those are
 * too few. Which task computes an element changes nothing about how it is summed.
 */
abstract sealed class PanelProduct permits FloatProduct, PairProduct {
    /** Tasks for each thread, so that one held up by the system does not hold up all, and 16 end at much the same time. */
    private static final int TASKS_PER_THREAD = 6;

    /** Where computed tiles go. */
    @FunctionalInterface
    interface Output {
        /**
         * @param values of a tile, {@link TileShape#PANEL} floats of each row, from an index on; may be changed, and as many
         *     floats behind them
         * @param tile of the rows
         * @param row first of the tile
         * @param rows of the tile that there are
         * @param column first of the panel
         */
        void write(float[] values, int at, int tile, int row, int rows, int column);
    }

    final Linear linear;
    final int slots;
    private final int tiles;
    private final int panels;
    private final int panelsTogether;
    private final int groups;
    private final int parts;

    /** @param panelsTogether that one call of {@link #multiplyTiles} is given at the most */
    PanelProduct(Workspace workspace, PackedRows x, Linear linear, int panelsTogether) {
        this.linear = linear;
        this.panelsTogether = panelsTogether;
        tiles = x.tiles();
        panels = TileShape.panels(linear.out());
        int tasks = tasks(workspace.workers());
        groups = Math.clamp(panels, 1, tasks);
        parts = Math.min(tiles, (tasks + groups - 1) / groups);
        slots = Math.min(workspace.workers().threads(), groups * parts);
    }

    /** As many tasks as keep all threads busy. */
    private static int tasks(Workers workers) {
        return workers.threads() == 1 ? 1 : TASKS_PER_THREAD * workers.threads();
    }

    /** Tiles that one call of {@link #multiplyTiles} is given at the least. */
    final int leastTiles() {
        return tiles / parts;
    }

    /** Tiles that one call of {@link #multiplyTiles} is given at the most. */
    final int mostTiles() {
        return (tiles + parts - 1) / parts;
    }

    final void run(Workers workers) {
        workers.run(groups * parts, this::task);
    }

    private void task(int slot, int task) {
        int group = task / parts, part = task % parts;
        int firstTile = Workers.start(tiles, parts, part), endTile = Workers.start(tiles, parts, part + 1);
        int firstPanel = Workers.start(panels, groups, group);
        int count = Workers.start(panels, groups, group + 1) - firstPanel;
        int passes = (count + panelsTogether - 1) / panelsTogether;
        for (int pass = 0; pass < passes; pass++) {
            int first = firstPanel + Workers.start(count, passes, pass);
            int end = firstPanel + Workers.start(count, passes, pass + 1);
            multiplyTiles(slot, firstTile, endTile, first, end);
        }
    }

    /** Computes tiles of some panels on the thread of a slot. */
    abstract void multiplyTiles(int slot, int firstTile, int endTile, int firstPanel, int endPanel);
}
