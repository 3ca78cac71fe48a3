package io.bridgetower.spark.submit;

import io.bridgetower.spark.BridgeTowerEmbedder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embed}. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description =
                "The unit vector of each row's image, text, or both: id, embedding, error. In CSV, a vector is a field"
                        + " in square brackets.")
public final class EmbedCommand implements Callable<Integer> {
    private static final String RESULT = "bridgetower_result";
    private static final String ERROR = RESULT + "_error";

    private enum Kind {
        IMAGE,
        TEXT,
        PAIR
    }

    @Mixin
    private RunOptions options;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            defaultValue = "image",
            description = "image, text or pair; ${DEFAULT-VALUE} if not given.")
    private Kind task;

    @Override
    public Integer call() throws IOException {
        BridgeTowerEmbedder embedder = new BridgeTowerEmbedder()
                .setTask(task.name().toLowerCase(Locale.ROOT))
                .setOutputCol(RESULT)
                .setErrorCol(ERROR);
        return options.run(embedder, format -> {
            Column vector = functions.col(RESULT);
            if (format == TableFormat.CSV) vector = functions.to_json(vector);
            return List.of(vector.alias("embedding"), functions.col(ERROR).alias("error"));
        });
    }
}
