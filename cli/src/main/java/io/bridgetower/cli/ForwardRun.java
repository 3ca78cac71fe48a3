package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.BridgeTowerModelOutput;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;

/** One run of a model on some inputs. What is asked for is computed when it is asked for, and only once. */
final class ForwardRun {
    private final Checkpoint checkpoint;
    private final BridgeTowerModel trunk;
    private final ForwardInputs inputs;
    private BridgeTowerModelOutput features;

    ForwardRun(Checkpoint checkpoint, BridgeTowerModel trunk, ForwardInputs inputs) {
        this.checkpoint = checkpoint;
        this.trunk = trunk;
        this.inputs = inputs;
    }

    /** Features of the trunk. */
    BridgeTowerModelOutput features() {
        if (features == null) features = trunk.forward(inputs.ids(), inputs.mask(), inputs.pixels());
        return features;
    }

    /** Logits of the matching head, [pairs, 2]. */
    Tensor matchingLogits() throws IOException {
        try (var head = BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk)) {
            return tensor(head.logits(inputs.ids(), inputs.mask(), inputs.pixels()));
        }
    }

    private static Tensor tensor(float[][] rows) {
        int columns = rows[0].length;
        float[] values = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) System.arraycopy(rows[i], 0, values, i * columns, columns);
        return Tensor.copyOf(Arena.ofAuto(), values, rows.length, columns);
    }
}
