package io.bridgetower.cli.evaluate;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.ImageInputs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which label a head gives to every item of a data set. */
final class TaskPredictions {
    /** Items computed in one call. Those of one image lie together in the data sets' files. */
    private static final int BATCH = 16;

    private final EvaluationOptions.Setting setting;
    private final Model model;

    /** A model with a head. */
    @FunctionalInterface
    interface Model {
        /** @param images for each place of an image, that of every text */
        float[][] logits(TextEncoding[] texts, List<ImageEncoding[]> images);
    }

    TaskPredictions(EvaluationOptions.Setting setting, Model model) {
        this.setting = setting;
        this.model = model;
    }

    /** The index of the best label of every item; of equal ones the first. */
    int[] of(List<TaskItem> items) throws IOException {
        int[] labels = new int[items.size()];
        for (int first = 0; first < labels.length; first += BATCH) {
            int last = Math.min(first + BATCH, labels.length);
            List<Integer> missing = new ArrayList<>();
            for (int i = first; i < last; i++) {
                float[] known = setting.log().get(i);
                if (known == null || known.length != 1) missing.add(i);
                else labels[i] = (int) known[0];
            }
            if (!missing.isEmpty()) {
                float[][] logits = logits(missing.stream().map(items::get).toList());
                for (int i = 0; i < logits.length; i++) {
                    int item = missing.get(i);
                    labels[item] = best(FiniteValues.checked(logits[i]));
                    setting.log().put(item, new float[] {labels[item]});
                }
            }
            setting.bar().at(last, 0, labels.length);
        }
        return labels;
    }

    private float[][] logits(List<TaskItem> items) throws IOException {
        BridgeTowerModel trunk = setting.trunk();
        List<Map<Path, ImageEncoding>> encoded = new ArrayList<>();
        TextEncoding[] texts = trunk.encodeTexts(
                setting.texts().ids(items.stream().map(TaskItem::text).toList()), null);
        try {
            List<ImageEncoding[]> images = new ArrayList<>();
            for (int place = 0; place < items.getFirst().images().size(); place++) {
                int at = place;
                List<Path> paths =
                        items.stream().map(item -> item.images().get(at)).toList();
                encoded.add(encode(paths, 1 + place));
                images.add(paths.stream().map(encoded.getLast()::get).toArray(ImageEncoding[]::new));
            }
            return model.logits(texts, images);
        } finally {
            for (TextEncoding text : texts) text.close();
            for (Map<Path, ImageEncoding> some : encoded) some.values().forEach(ImageEncoding::close);
        }
    }

    /** Every image once. */
    private Map<Path, ImageEncoding> encode(List<Path> paths, int tokenType) throws IOException {
        List<Path> distinct = paths.stream().distinct().toList();
        ImageEncoding[] encodings;
        try (Arena arena = Arena.ofShared()) {
            Tensor pixels = setting.images().readAll(arena, distinct);
            ImageInputs inputs = Pixels.inputs(pixels).withTokenTypeIdx(tokenType);
            encodings = setting.trunk().encodeImages(inputs);
        }
        Map<Path, ImageEncoding> byPath = new LinkedHashMap<>();
        for (int i = 0; i < encodings.length; i++) byPath.put(distinct.get(i), encodings[i]);
        return byPath;
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
        return best;
    }
}
