package io.bridgetower.model.batch;

import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.inputs.EncodingPrecision;
import java.lang.foreign.MemorySegment;

/**
 * One text or image as the cross-modal layers read it: for each of them the tower's output carried over its bridge; what
 * the first of them makes of it before it looks at the other side; and the tower's last output for the first token. Owns
 * no memory.
 */
public final class BridgedStates {
    /**
     * The size of an item.
     *
     * @param layers number of cross-modal layers
     * @param tokens rows for each layer
     * @param hidden width of the rows
     * @param firstWidth width of the tower's output for the first token
     */
    public record Shape(int layers, int tokens, int hidden, int firstWidth, EncodingPrecision precision) {
        /** Matrices of [tokens, hidden]: one for each layer, and one more for what the first makes of its own. */
        public int matrices() {
            return layers + 1;
        }

        /** Numbers of all matrices. */
        public long elements() {
            return (long) matrices() * tokens * hidden;
        }

        public long bytes() {
            return (elements() + firstWidth) * precision.bytes();
        }

        public Shape with(EncodingPrecision other) {
            return new Shape(layers, tokens, hidden, firstWidth, other);
        }
    }

    private final Shape shape;
    private final int[] visible;
    private final MemorySegment memory;

    /**
     * @param visible rows that may be attended to; null for all
     * @param memory at least as many bytes as the shape says
     */
    public BridgedStates(Shape shape, int[] visible, MemorySegment memory) {
        this.shape = shape;
        this.visible = visible;
        this.memory = memory.asSlice(0, shape.bytes());
    }

    /** Uncleared, on a workspace. */
    public static BridgedStates on(Workspace workspace, Shape shape, int[] visible) {
        Matrix memory = workspace.matrix(1, Math.toIntExact(Math.ceilDiv(shape.bytes(), Float.BYTES)));
        return new BridgedStates(shape, visible, memory.segment().asSlice(memory.offset(), shape.bytes()));
    }

    public Shape shape() {
        return shape;
    }

    public int tokens() {
        return shape.tokens();
    }

    public int[] visible() {
        return visible;
    }

    /** All numbers: layer after layer, {@link #attended}, {@link #first}. */
    public MemorySegment memory() {
        return memory;
    }

    /** What a layer reads, [tokens, hidden]: where it lies if it is 32 bits wide, or else widened on the workspace. */
    public Matrix bridged(Workspace workspace, int layer) {
        return read(workspace, bridgedOffset(layer), shape.tokens(), shape.hidden());
    }

    /** The first layer's self-attention block on its input, [tokens, hidden]; as {@link #bridged}. */
    Matrix attended(Workspace workspace) {
        return bridged(workspace, shape.layers());
    }

    /** The tower's last output for the first token, [1, width]; as {@link #bridged}. */
    public Matrix first(Workspace workspace) {
        return read(workspace, firstOffset(), 1, shape.firstWidth());
    }

    /** Keeps what a layer reads. */
    public void putBridged(int layer, Matrix rows) {
        write(rows, bridgedOffset(layer));
    }

    /** Keeps {@link #attended}. */
    public void putAttended(Matrix rows) {
        putBridged(shape.layers(), rows);
    }

    /** Keeps the tower's last output for the first token, [1, width]. */
    public void putFirst(Matrix row) {
        write(row, firstOffset());
    }

    /** Writes all of this into {@code to}, which differs in precision at the most. */
    public void copyTo(BridgedStates to) {
        int rows = shape.matrices() * shape.tokens();
        if (to.shape.equals(shape)) {
            to.memory.copyFrom(memory);
        } else if (shape.precision() == EncodingPrecision.F32) {
            HalfPrecision.narrow(wide(0, rows, shape.hidden()), to.memory, 0);
            HalfPrecision.narrow(wide(firstOffset(), 1, shape.firstWidth()), to.memory, to.firstOffset());
        } else {
            HalfPrecision.widen(memory, 0, to.wide(0, rows, shape.hidden()));
            HalfPrecision.widen(memory, firstOffset(), to.wide(to.firstOffset(), 1, shape.firstWidth()));
        }
    }

    private long bridgedOffset(int layer) {
        return (long) layer
                * shape.tokens()
                * shape.hidden()
                * shape.precision().bytes();
    }

    private long firstOffset() {
        return shape.elements() * shape.precision().bytes();
    }

    private Matrix read(Workspace workspace, long offset, int rows, int columns) {
        if (shape.precision() == EncodingPrecision.F32) return wide(offset, rows, columns);
        Matrix wide = workspace.matrix(rows, columns);
        HalfPrecision.widen(memory, offset, wide);
        return wide;
    }

    private void write(Matrix rows, long offset) {
        if (shape.precision() == EncodingPrecision.F16) {
            HalfPrecision.narrow(rows, memory, offset);
            return;
        }
        Matrix to = wide(offset, rows.rows(), rows.columns());
        for (int row = 0; row < rows.rows(); row++) Rows.copy(rows, row, to, row);
    }

    private Matrix wide(long offset, int rows, int columns) {
        return new Matrix(memory, offset, rows, columns, columns);
    }
}
