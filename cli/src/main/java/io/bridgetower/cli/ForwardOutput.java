package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A tensor that {@code forward} can write.
 *
 * @param name its name in the file
 * @param isIn whether a checkpoint holds all that it takes
 * @param value computes it
 */
record ForwardOutput(String name, Predicate<Checkpoint> isIn, Value value) {
    /** All there are, in the order in which help shows them. */
    static final List<ForwardOutput> ALL = List.of(
            new ForwardOutput("text_features", _ -> true, run -> run.features().textFeatures()),
            new ForwardOutput("image_features", _ -> true, run -> run.features().imageFeatures()),
            new ForwardOutput("pooler_output", _ -> true, run -> run.features().poolerOutput()),
            new ForwardOutput("itm.logits", BridgeTowerForImageAndTextRetrieval::isIn, ForwardRun::matchingLogits));

    /** How an output is computed. */
    interface Value {
        Tensor of(ForwardRun run) throws IOException;
    }

    /** The output of that name, if there is one. */
    static Optional<ForwardOutput> named(String name) {
        return ALL.stream().filter(output -> output.name.equals(name)).findFirst();
    }

    /** The names of all. */
    static List<String> names() {
        return ALL.stream().map(ForwardOutput::name).toList();
    }
}
