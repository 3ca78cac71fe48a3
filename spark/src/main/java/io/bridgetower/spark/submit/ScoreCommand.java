package io.bridgetower.spark.submit;

import io.bridgetower.spark.BridgeTowerScorer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code score}. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = "How well each row's text describes its image: id, probability, no_match, match, error; or, with"
                + " --task contrastive, id, similarity, error.")
public final class ScoreCommand implements Callable<Integer> {
    /** Columns of the results, which are new in any table. */
    private static final String RESULT = "bridgetower_result";

    private enum Kind {
        MATCH,
        CONTRASTIVE
    }

    @Mixin
    private RunOptions options;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            defaultValue = "match",
            description = "match, or contrastive, which is fast and coarse; ${DEFAULT-VALUE} if not given.")
    private Kind task;

    @Override
    public Integer call() throws IOException {
        BridgeTowerScorer scorer = new BridgeTowerScorer()
                .setTask(task.name().toLowerCase(Locale.ROOT))
                .setOutputCol(RESULT);
        return options.run(
                scorer,
                _ -> task == Kind.CONTRASTIVE
                        ? List.of(functions.col(RESULT + ".similarity"), functions.col(RESULT + ".error"))
                        : List.of(
                                functions.col(RESULT + ".probability"),
                                functions.expr(RESULT + ".logits[0]").alias("no_match"),
                                functions.expr(RESULT + ".logits[1]").alias("match"),
                                functions.col(RESULT + ".error")));
    }
}
