package io.bridgetower.cli.pair;

import io.bridgetower.cli.terminal.Table;
import java.io.IOException;
import java.io.Writer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Scores for people: the images in the order of their best texts, for each its texts from the best to the worst. */
final class ScoreTable {
    private static final Comparator<Score> BEST_FIRST =
            Comparator.comparingDouble(Score::probability).reversed();

    private ScoreTable() {}

    static void write(List<Score> scores, Writer out) throws IOException {
        Map<?, Double> best = scores.stream().collect(Collectors.toMap(Score::image, Score::probability, Math::max));
        Comparator<Score> bestImageFirst = Comparator.comparing((Score score) -> -best.get(score.image()))
                .thenComparing(Score::image)
                .thenComparing(BEST_FIRST);
        Table table = new Table("probability", "image", "text");
        scores.stream()
                .sorted(bestImageFirst)
                .forEach(score -> table.add(
                        String.format(Locale.ROOT, "%.4f", score.probability()), score.image(), score.text()));
        table.write(out);
        out.flush();
    }
}
