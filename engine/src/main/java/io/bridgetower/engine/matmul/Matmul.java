package io.bridgetower.engine.matmul;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import java.util.function.ObjIntConsumer;

/**
 * The product behind {@link Linear}, in the loops of the BLIS framework (van Zee and van de Geijn, 2015), from the
 * outside in:
 *
 * <ul>
 *   <li>ic: blocks of rows, whose tiles are packed by the threads that meet them first,
 *   <li>jc: groups of panels, and parts of the block's tiles if those are too few: the tasks,
 *   <li>jr: panels that stay near while all tiles of the task meet them,
 *   <li>pc: blocks of the sum that one call of the micro-kernel covers,
 *   <li>ir: the tiles.
 * </ul>
 *
 * The loops from jc on are those of a {@link PanelProduct}. Which task computes an element changes nothing about how it is summed, so the result has the same bits for any number
 * of threads and any other rows in the batch.
 */
public final class Matmul {
    private Matmul() {}

    /** {@code y = activation(x·Wᵀ + b) + residual}. */
    public static void multiply(Workspace workspace, Matrix x, Linear linear, Epilogue epilogue, Matrix y) {
        PanelFormat format = linear.format();
        int together = format.rowsTogether(workspace.workers().threads(), x.rows(), linear.in());
        for (int first = 0; first < x.rows(); first += together) {
            int rows = Math.min(together, x.rows() - first);
            long mark = workspace.mark();
            PackedRows packed = format.rows(workspace, 0, rows, linear.in(), x.rows(first, rows));
            multiply(workspace, packed, linear, epilogue.rows(first, rows), y.rows(first, rows));
            workspace.release(mark);
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
        if (linear2.format().takesPanels()) {
            multiply(workspace, x, linear1, activation, (rows, first) -> {}, linear2, epilogue, y);
        } else {
            long mark = workspace.mark();
            Matrix between = workspace.matrix(x.rows(), linear1.out());
            multiply(workspace, x, linear1, Epilogue.activation(activation), between);
            multiply(workspace, between, linear2, epilogue, y);
            workspace.release(mark);
        }
    }

    /** What becomes of the first product's rows before the second: they are a block of all rows, which starts at {@code first}. */
    @FunctionalInterface
    public interface Between {
        void apply(FloatRows rows, int first);
    }

    /** {@code y = between(x·W₁ᵀ + b₁)·W₂ᵀ + b₂ + residual}, for layers of 32 bits. */
    public static void multiply(
            Workspace workspace, Matrix x, Linear linear1, Between step, Linear linear2, Epilogue epilogue, Matrix y) {
        multiply(
                workspace,
                x,
                linear1,
                Activation.NONE,
                (rows, first) -> step.apply((FloatRows) rows, first),
                linear2,
                epilogue,
                y);
    }

    private static void multiply(
            Workspace workspace,
            Matrix x,
            Linear linear1,
            Activation activation,
            ObjIntConsumer<PackedRows> step,
            Linear linear2,
            Epilogue epilogue,
            Matrix y) {
        PanelFormat format = linear1.format();
        int columns = Math.max(linear1.in(), linear1.out());
        int together = format.rowsTogether(workspace.workers().threads(), x.rows(), columns);
        for (int first = 0; first < x.rows(); first += together) {
            int rows = Math.min(together, x.rows() - first);
            long mark = workspace.mark();
            PackedRows packed = format.rows(workspace, 0, rows, linear1.in(), x.rows(first, rows));
            PackedRows between = linear2.format().rows(workspace, 1, rows, linear1.out(), null);
            run(workspace, packed, linear1, (values, at, tile, row, rowsOfTile, column) -> {
                Activations.apply(activation, values, at, at + rowsOfTile * TileShape.PANEL);
                between.put(values, at, tile, rowsOfTile, column);
            });
            step.accept(between, first);
            multiply(workspace, between, linear2, epilogue.rows(first, rows), y.rows(first, rows));
            workspace.release(mark);
        }
    }

    private static void multiply(Workspace workspace, PackedRows x, Linear linear, Epilogue epilogue, Matrix y) {
        run(workspace, x, linear, (values, at, tile, row, rows, column) -> {
            int columns = Math.min(TileShape.PANEL, linear.out() - column);
            epilogue.apply(values, at, rows, y, row, column, columns);
        });
    }

    private static void run(Workspace workspace, PackedRows x, Linear linear, PanelProduct.Output output) {
        long mark = workspace.mark();
        linear.format().product(workspace, x, linear, output).run(workspace.workers());
        workspace.release(mark);
    }
}
