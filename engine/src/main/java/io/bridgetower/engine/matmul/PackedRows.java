package io.bridgetower.engine.matmul;

/** The left-hand side of a product as a format's kernel reads it: tiles of rows, in blocks of the sum. */
public abstract sealed class PackedRows permits FloatRows, PairRows {
    private final int rows;
    private final int columns;

    PackedRows(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    public final int rows() {
        return rows;
    }

    final int columns() {
        return columns;
    }

    /** Tiles of rows. */
    public abstract int tiles();

    /** The first row of a tile. */
    public abstract int firstRow(int tile);

    /** Rows of a tile that there are. */
    public abstract int rows(int tile);

    /** Blocks of columns, which one call of the kernel sums up. */
    abstract int blocks();

    /**
     * Writes a panel's width of a tile.
     *
     * @param values {@link TileShape#PANEL} floats of each row, without gaps, from an index on; may be changed
     * @param count rows of the tile that there are
     * @param column a multiple of {@link TileShape#PANEL}
     */
    abstract void put(float[] values, int at, int tile, int count, int column);
}
