package io.bridgetower.cli.evaluate;

import io.bridgetower.cli.terminal.Table;
import io.bridgetower.files.MalformedFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many items have the label that the data set gives them. */
final class LabelAccuracy {
    private LabelAccuracy() {}

    /**
     * The indices of labels.
     *
     * @param labels the model's
     * @param expected of every item
     * @throws MalformedFileException if one is none of the model's
     */
    static int[] indices(Path file, List<String> labels, List<String> expected) throws MalformedFileException {
        int[] indices = new int[expected.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = labels.indexOf(expected.get(i));
            if (indices[i] >= 0) continue;
            throw new MalformedFileException(
                    file, "label", "found \"" + expected.get(i) + "\", expected one of " + String.join(", ", labels));
        }
        return indices;
    }

    /**
     * The measures.
     *
     * @param expected for every item the index of its label
     * @param predicted for every item the index of the label that the model gives
     */
    static EvaluationResult of(List<String> labels, int[] expected, int[] predicted) {
        int[] right = new int[labels.size()], all = new int[labels.size()];
        for (int i = 0; i < predicted.length; i++) {
            all[expected[i]]++;
            if (expected[i] == predicted[i]) right[expected[i]]++;
        }
        int sum = 0;
        for (int count : right) sum += count;
        Map<String, Object> json = new LinkedHashMap<>(), byLabel = new LinkedHashMap<>();
        json.put("examples", (long) predicted.length);
        json.put("accuracy", (double) sum / predicted.length);
        Table table = new Table("label", "examples", "accuracy");
        table.add("all", Integer.toString(predicted.length), percent(sum, predicted.length));
        for (int label = 0; label < right.length; label++) {
            if (all[label] == 0) continue;
            byLabel.put(labels.get(label), (double) right[label] / all[label]);
            table.add(labels.get(label), Integer.toString(all[label]), percent(right[label], all[label]));
        }
        json.put("accuracy_by_label", byLabel);
        return new EvaluationResult(json, table);
    }

    private static String percent(int right, int all) {
        return String.format(Locale.ROOT, "%.2f", 100.0 * right / all);
    }
}
