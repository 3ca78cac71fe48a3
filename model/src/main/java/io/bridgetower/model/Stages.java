package io.bridgetower.model;

import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Workspace;
import java.lang.foreign.MemorySegment;

/**
 * One text or image as the cross-modal layers read it: for each of them the tower's output carried over its bridge; what
 * the first of them makes of it before it looks at the other side; and the tower's last output for the first token. Owns
 * no memory.
 */
final class Stages {
    /**
     * The size of an item.
     *
     * @param layers number of cross-modal layers
     * @param tokens rows for each layer
     * @param hidden width of the rows
     * @param firstWidth width of the tower's output for the first token
     */
    record Shape(int layers, int tokens, int hidden, int firstWidth, EncodingPrecision precision) {
        /** Matrices of [tokens, hidden]: one for each layer, and one more for what the first makes of its own. */
        int matrices() {
            return layers + 1;
        }

        /** Numbers of all matrices. */
        long elements() {
            return (long) matrices() * tokens * hidden;
        }

        long bytes() {
            return (elements() + firstWidth) * precision.bytes();
        }

        Shape with(EncodingPrecision other) {
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
    Stages(Shape shape, int[] visible, MemorySegment memory) {
        this.shape = shape;
        this.visible = visible;
        this.memory = memory.asSlice(0, shape.bytes());
    }

    /** Uncleared, on a workspace. */
    static Stages on(Workspace workspace, Shape shape, int[] visible) {
        Matrix memory = workspace.matrix(1, Math.toIntExact(Math.ceilDiv(shape.bytes(), Float.BYTES)));
        return new Stages(shape, visible, memory.segment().asSlice(memory.offset(), shape.bytes()));
    }

    Shape shape() {
        return shape;
    }

    int tokens() {
        return shape.tokens();
    }

    int[] visible() {
        return visible;
    }

    /** All numbers: layer after layer, {@link #attended}, {@link #first}. */
    MemorySegment memory() {
        return memory;
    }

    /** What a layer reads, [tokens, hidden]: where it lies if it is 32 bits wide, or else widened on the workspace. */
    Matrix stage(Workspace workspace, int layer) {
        return read(workspace, stageOffset(layer), shape.tokens(), shape.hidden());
    }

    /** The first layer's self-attention block on its input, [tokens, hidden]; as {@link #stage}. */
    Matrix attended(Workspace workspace) {
        return stage(workspace, shape.layers());
    }

    /** The tower's last output for the first token, [1, width]; as {@link #stage}. */
    Matrix first(Workspace workspace) {
        return read(workspace, firstOffset(), 1, shape.firstWidth());
    }

    /** Keeps what a layer reads. */
    void putStage(int layer, Matrix rows) {
        write(rows, stageOffset(layer));
    }

    /** Keeps {@link #attended}. */
    void putAttended(Matrix rows) {
        putStage(shape.layers(), rows);
    }

    /** Keeps the tower's last output for the first token, [1, width]. */
    void putFirst(Matrix row) {
        write(row, firstOffset());
    }

    /** Writes all of this into {@code to}, which differs in precision at the most. */
    void copyTo(Stages to) {
        int rows = shape.matrices() * shape.tokens();
        if (to.shape.equals(shape)) {
            to.memory.copyFrom(memory);
        } else if (shape.precision() == EncodingPrecision.F32) {
            Halves.narrow(wide(0, rows, shape.hidden()), to.memory, 0);
            Halves.narrow(wide(firstOffset(), 1, shape.firstWidth()), to.memory, to.firstOffset());
        } else {
            Halves.widen(memory, 0, to.wide(0, rows, shape.hidden()));
            Halves.widen(memory, firstOffset(), to.wide(to.firstOffset(), 1, shape.firstWidth()));
        }
    }

    private long stageOffset(int layer) {
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
        Halves.widen(memory, offset, wide);
        return wide;
    }

    private void write(Matrix rows, long offset) {
        if (shape.precision() == EncodingPrecision.F16) {
            Halves.narrow(rows, memory, offset);
            return;
        }
        Matrix to = wide(offset, rows.rows(), rows.columns());
        for (int row = 0; row < rows.rows(); row++) Rows.copy(rows, row, to, row);
    }

    private Matrix wide(long offset, int rows, int columns) {
        return new Matrix(memory, offset, rows, columns, columns);
    }
}
