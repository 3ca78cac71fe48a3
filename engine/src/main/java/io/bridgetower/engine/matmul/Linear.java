package io.bridgetower.engine.matmul;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.vector.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A fully connected layer, {@code y = x·Wᵀ + b} with W of shape [out, in], whose weight lies in the panels that the
 * micro-kernel streams: panel p holds columns of Wᵀ from {@code p * TileShape.PANEL} on, zeros beyond the last. How it lies in
 * memory is its {@link PanelFormat}'s matter.
 *
 * <p>The packed weight belongs to the arena given to {@link #pack}. Safe for use by several threads.
 */
public final class Linear {
    private final int in;
    private final int out;
    private final PanelFormat format;
    private final MemorySegment panels;

    /** Rows from the start of a panel to that of the next one; panels in memory; the one that is this layer's first. */
    private final int panelRows, allPanels, firstPanel;

    /** As many as the panels have columns. */
    private final float[] bias;

    private Linear(
            int in,
            int out,
            PanelFormat format,
            MemorySegment panels,
            int panelRows,
            int allPanels,
            int firstPanel,
            float[] bias) {
        this.in = in;
        this.out = out;
        this.format = format;
        this.panels = panels;
        this.panelRows = panelRows;
        this.allPanels = allPanels;
        this.firstPanel = firstPanel;
        this.bias = bias;
    }

    /**
     * Packs a layer.
     *
     * @param arena owner of the packed weight
     * @param workers share out the packing
     * @param format of the packed weight
     * @param weight [out, in]; copied
     * @param bias [out]; copied; null for none
     */
    public static Linear pack(Arena arena, Workers workers, PanelFormat format, Tensor weight, Tensor bias) {
        return stack(arena, workers, format, List.of(weight), bias == null ? List.of() : List.of(bias));
    }

    /**
     * Packs several layers that read the same input as one, whose output is theirs side by side.
     *
     * @param arena owner of the packed weight
     * @param workers share out the packing
     * @param format of the packed weight
     * @param weights each [outᵢ, in]; copied
     * @param biases each [outᵢ]; copied; empty for none
     * @throws IllegalArgumentException if the shapes do not fit together
     */
    public static Linear stack(
            Arena arena, Workers workers, PanelFormat format, List<Tensor> weights, List<Tensor> biases) {
        int in = weights.getFirst().dim(1), out = 0;
        for (int i = 0; i < weights.size(); i++) {
            Tensor weight = weights.get(i);
            if (weight.rank() != 2 || weight.dim(1) != in) {
                throw new IllegalArgumentException("weight: expected [*, " + in + "], found " + weight);
            }
            if (!biases.isEmpty() && biases.get(i).size() != weight.dim(0)) {
                throw new IllegalArgumentException("bias: expected [" + weight.dim(0) + "], found " + biases.get(i));
            }
            out += weight.dim(0);
        }
        Linear linear = unpacked(arena, format, in, out);
        int at = 0;
        for (Tensor part : biases) {
            int size = Math.toIntExact(part.size());
            MemorySegment.copy(part.segment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, linear.bias, at, size);
            at += size;
        }
        Panels.pack(workers, weights, linear);
        return linear;
    }

    /**
     * Packs the layer {@code y = x·W}, without bias.
     *
     * @param arena owner of the packed weight
     * @param workers share out the packing
     * @param format of the packed weight
     * @param weight W, [in, out]; copied
     */
    public static Linear packTransposed(Arena arena, Workers workers, PanelFormat format, Tensor weight) {
        Linear linear = unpacked(arena, format, weight.dim(0), weight.dim(1));
        Panels.packTransposed(workers, weight, linear);
        return linear;
    }

    private static Linear unpacked(Arena arena, PanelFormat format, int in, int out) {
        int panels = TileShape.panels(out);
        MemorySegment packed = arena.allocate(format.byteSize(panels, in), Tensor.ALIGNMENT);
        return new Linear(in, out, format, packed, in, panels, 0, new float[panels * TileShape.PANEL]);
    }

    /**
     * A layer of 32 bits on memory that is packed already.
     *
     * @param panels its panels, from the start on, and what {@link TileShape#memoryOfPanels} adds
     * @param bias a float for each column of the panels
     */
    public static Linear of(int in, int out, MemorySegment panels, float[] bias) {
        return new Linear(in, out, PanelFormat.F32, panels, in, TileShape.panels(out), 0, bias);
    }

    /**
     * The same layer with a constant added to its output. The weight is shared.
     *
     * @param addend [out]
     */
    public Linear plus(Tensor addend) {
        if (addend.size() != out) throw new IllegalArgumentException("expected [" + out + "], found " + addend);
        float[] sum = bias.clone();
        for (int i = 0; i < out; i++) sum[i] += addend.segment().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
        return new Linear(in, out, format, panels, panelRows, allPanels, firstPanel, sum);
    }

    /**
     * The part of the layer that computes {@code count} outputs from {@code first} on, and a few before them if they do not
     * start at a panel: the wanted ones are its last. The weight is shared.
     */
    public Linear outputs(int first, int count) {
        Objects.checkFromIndexSize(first, count, out);
        int panel = first / TileShape.PANEL, start = panel * TileShape.PANEL;
        int panelCount = TileShape.panels(first + count) - panel;
        float[] ofPart = Arrays.copyOfRange(bias, start, start + panelCount * TileShape.PANEL);
        return new Linear(in, first + count - start, format, panels, panelRows, allPanels, firstPanel + panel, ofPart);
    }

    /**
     * The part of the layer that reads {@code count} inputs from {@code first} on. Without activation, the outputs of such
     * parts add up to the layer's. The weight is shared.
     *
     * @param withBias whether this part adds the bias
     * @throws IllegalStateException if the format is not {@linkplain PanelFormat#isCutAnywhere cut anywhere}
     */
    public Linear inputs(int first, int count, boolean withBias) {
        Objects.checkFromIndexSize(first, count, in);
        if (!format.isCutAnywhere()) throw new IllegalStateException("inputs of a layer in pairs cannot be cut");
        MemorySegment part = panels.asSlice((long) first * Lanes.BYTES);
        float[] biasOfPart = withBias ? bias : new float[bias.length];
        return new Linear(count, out, format, part, panelRows, allPanels, firstPanel, biasOfPart);
    }

    /** Columns of the input. */
    public int in() {
        return in;
    }

    /** Columns of the output. */
    public int out() {
        return out;
    }

    /** Bytes of packed weight and bias. */
    public long byteSize() {
        return panels.byteSize() + (long) bias.length * Float.BYTES;
    }

    /**
     * Computes {@code y = activation(x·Wᵀ + b) + residual}.
     *
     * @param x [rows, in]
     * @param y [rows, out]; must not overlap x or the residual
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public void apply(Workspace workspace, Matrix x, Epilogue epilogue, Matrix y) {
        check(null, x, epilogue.residual(), y);
        Matmul.multiply(workspace, x, this, epilogue, y);
    }

    /**
     * Computes {@code y = next(activation(x·Wᵀ + b)) + residual}, the feed-forward of a transformer. What lies between the
     * layers is kept as the second one reads it, for a block of rows at a time, never as a matrix.
     *
     * @param x [rows, in]
     * @param next a layer whose in is this one's out
     * @param residual [rows, next.out]; null for none
     * @param y [rows, next.out]; must not overlap x or the residual
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public void feedForward(
            Workspace workspace, Matrix x, Activation activation, Linear next, Matrix residual, Matrix y) {
        check(next, x, residual, y);
        Matmul.multiply(workspace, x, this, activation, next, Epilogue.residual(residual), y);
    }

    /** Computes {@code x·Wᵀ + b} into a new matrix of the workspace. */
    public Matrix apply(Workspace workspace, Matrix x, Epilogue epilogue) {
        Matrix y = workspace.matrix(x.rows(), out);
        apply(workspace, x, epilogue, y);
        return y;
    }

    /** The shape, as in {@code [3072, 768]}. */
    @Override
    public String toString() {
        return "[" + out + ", " + in + "]";
    }

    private void check(Linear next, Matrix x, Matrix residual, Matrix y) {
        Linear last = next == null ? this : next;
        if (x.columns() != in
                || next != null && next.in != out
                || y.columns() != last.out
                || x.rows() != y.rows()
                || residual != null && (residual.rows() != y.rows() || residual.columns() != last.out)) {
            throw new IllegalArgumentException("linear " + this + (next == null ? "" : " then " + next) + " from " + x
                    + " to " + y + (residual == null ? "" : " plus " + residual) + ": shapes do not fit");
        }
    }

    PanelFormat format() {
        return format;
    }

    MemorySegment panels() {
        return panels;
    }

    /** Panels that lie in {@link #panels}, of which this layer may be a part. */
    int allPanels() {
        return allPanels;
    }

    /** The first of them that is this layer's. */
    int firstPanel() {
        return firstPanel;
    }

    /** Where row {@code k} of a panel's first stripe starts, in bytes, for {@link FloatPanels}. */
    long panelOffset(int panel, int k) {
        return (firstPanel + panel) * panelBytes() + (long) k * Lanes.BYTES;
    }

    /** Bytes from one panel to the next, for {@link FloatPanels}. */
    long panelBytes() {
        return ((FloatPanels) format).panelBytes(panelRows);
    }

    /** Bytes from one stripe of a panel to the next, for {@link FloatPanels}. */
    long stripeBytes() {
        return (long) panelRows * Lanes.BYTES;
    }

    float[] bias() {
        return bias;
    }
}
