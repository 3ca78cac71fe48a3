package io.bridgetower.cli.evaluate;

import io.bridgetower.cli.terminal.Table;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many items have the label that the data set gives them. */
final class LabelAccuracy {
    private LabelAccuracy() {}

    /**
     * Measures a model.
     *
     * @param dataset that complaints name
     * @param labels the model's
     * @param expected for every item its label
     */
    static EvaluationResult measure(
            Path dataset, List<String> labels, List<String> expected, List<TaskItem> items, TaskPredictions predictions)
            throws IOException {
        // A label that the model does not have is told before anything is computed.
        int[] right = indices(dataset, labels, expected);
        return of(labels, right, predictions.of(items));
    }

    /**
     * The indices of labels.
     *
     * @param labels the model's
     * @param expected of every item
     * @throws MalformedFileException if one is none of the model's
     */
    private static int[] indices(Path file, List<String> labels, List<String> expected) throws MalformedFileException {
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
    private static EvaluationResult of(List<String> labels, int[] expected, int[] predicted) {
        int[] right = new int[labels.size()], all = new int[labels.size()];
        for (int i = 0; i < predicted.length; i++) {
            all[expected[i]]++;
            if (expected[i] == predicted[i]) right[expected[i]]++;
        }
        int sum = 0;
        for (int count : right) sum += count;
        Map<String, Object> json = new LinkedHashMap<>(), byLabel = new LinkedHashMap<>();
        json.put("examples", (long) predicted.length);
        double accuracy = (double) sum / predicted.length;
        json.put("accuracy", accuracy);
        Table table = new Table("label", "examples", "accuracy");
        table.add("all", Integer.toString(predicted.length), EvaluationResult.percent(accuracy));
        for (int label = 0; label < right.length; label++) {
            if (all[label] == 0) continue;
            double ofLabel = (double) right[label] / all[label];
            byLabel.put(labels.get(label), ofLabel);
            table.add(labels.get(label), Integer.toString(all[label]), EvaluationResult.percent(ofLabel));
        }
        json.put("accuracy_by_label", byLabel);
        return new EvaluationResult(json, table);
    }
}
