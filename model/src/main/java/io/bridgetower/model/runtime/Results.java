package io.bridgetower.model.runtime;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.model.batch.Confinement;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors that a call returns, in an arena of the caller. Where the arena is confined to the calling thread, the
 * threads of the model write to the workspace instead, and the calling thread copies.
 */
public final class Results {
    private final Arena arena;
    private final Workspace workspace;

    /** The tensors of the arena, by those on the workspace that stand for them. */
    private final Map<Tensor, Tensor> confined = new IdentityHashMap<>();

    /** For one call, on the thread that makes it. */
    public Results(Arena arena, Workspace workspace) {
        this.arena = arena;
        this.workspace = workspace;
    }

    /** A zero tensor that all threads may write; it is returned as {@link #finished}. */
    public Tensor tensor(int... shape) {
        Tensor tensor = zeros(arena, shape);
        if (!Confinement.isConfined(tensor)) return tensor;
        Tensor written = workspace.tensor(shape);
        written.segment().fill((byte) 0);
        confined.put(written, tensor);
        return written;
    }

    /** A zero tensor in an arena of a caller, which may hand out memory that it has used before. */
    public static Tensor zeros(Arena arena, int... shape) {
        Tensor tensor = Tensor.allocate(arena, shape);
        if (!(arena instanceof TensorArena)) tensor.segment().fill((byte) 0);
        return tensor;
    }

    /** As many zero tensors, or null if they are not wanted. */
    public Tensor[] tensors(boolean wanted, int count, int... shape) {
        if (!wanted) return null;
        Tensor[] tensors = new Tensor[count];
        for (int i = 0; i < count; i++) tensors[i] = tensor(shape);
        return tensors;
    }

    /** The tensor in the caller's arena, when all is written; null stays null. */
    public Tensor finished(Tensor written) {
        Tensor tensor = confined.get(written);
        if (tensor == null) return written;
        tensor.segment().copyFrom(written.segment());
        return tensor;
    }

    /** An unmodifiable list of what is {@link #finished}; null stays null. */
    public List<Tensor> finished(Tensor[] written) {
        return written == null
                ? null
                : Arrays.stream(written).map(this::finished).toList();
    }
}
