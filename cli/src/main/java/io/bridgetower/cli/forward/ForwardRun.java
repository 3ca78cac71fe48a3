package io.bridgetower.cli.forward;

import io.bridgetower.cli.model.Architecture;
import io.bridgetower.engine.Tensor;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One run of a model on some inputs. What is asked for is computed when it is asked for, and only once. */
sealed interface ForwardRun extends AutoCloseable permits WholeModelRun, TextModelRun, VisionModelRun {
    /**
     * A run of the kind of model that a checkpoint holds.
     *
     * @param arena owner of the outputs
     */
    static ForwardRun of(
            Checkpoint checkpoint, ForwardInputs inputs, Arena arena, ModelOptions options, ForwardSelection selection)
            throws IOException {
        return switch (Architecture.of(checkpoint)) {
            case WHOLE -> new WholeModelRun(checkpoint, inputs, arena, options, selection);
            case TEXT -> new TextModelRun(checkpoint, inputs, arena, options, selection);
            case VISION -> new VisionModelRun(checkpoint, inputs, arena, options);
        };
    }

    /** All that there is to compute, or to say why it cannot be computed. */
    List<ForwardOutput> outputs() throws IOException;

    @Override
    void close();

    /** Part of a result that is computed as a whole. */
    @FunctionalInterface
    interface Result {
        List<Tensor> tensors() throws IOException;
    }

    /** An output for every layer. */
    static Stream<ForwardOutput> layers(int count, String format, boolean byDefault, Result result) {
        return IntStream.range(0, count)
                .mapToObj(i -> ForwardOutput.of(
                        String.format(Locale.ROOT, format, i),
                        byDefault,
                        null,
                        () -> result.tensors().get(i)));
    }
}
