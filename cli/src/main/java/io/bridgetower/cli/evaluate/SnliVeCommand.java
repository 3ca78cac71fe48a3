package io.bridgetower.cli.evaluate;

import io.bridgetower.Head;
import io.bridgetower.cli.model.HeadNames;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.BridgeTowerForVisualEntailment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower evaluate snli-ve}. */
@Command(
        name = "snli-ve",
        description = "Accuracy on SNLI-VE: whether images entail sentences, contradict them or leave them open.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower evaluate snli-ve --dataset snli_ve_dev.jsonl \\",
            "      --images flickr30k_images --model DIR"
        })
public final class SnliVeCommand implements Callable<Void> {
    /** The label of a sentence on which people did not agree. */
    private static final String NO_LABEL = "-";

    private final Streams streams;

    @Option(
            names = "--dataset",
            paramLabel = "FILE",
            required = true,
            description =
                    "JSON lines: {\"Flickr30K_ID\": …, \"sentence2\": …, \"gold_label\": …}. The name of an image is"
                            + " its id, with .jpg or .png.")
    private Path dataset;

    @Mixin
    private EvaluationOptions options;

    public SnliVeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        List<Path> inputs = List.of(dataset);
        options.check(inputs);
        ImageFolder folder = options.images();
        List<TaskItem> items = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        DataSetFile.readLines(dataset, fields -> {
            String label = fields.text("gold_label");
            if (label.equals(NO_LABEL)) return;
            Object id = fields.values().get("Flickr30K_ID");
            if (!(id instanceof String) && !(id instanceof Long)) throw fields.wrong("Flickr30K_ID", "an id");
            items.add(new TaskItem(fields.text("sentence2"), List.of(folder.find(List.of(id.toString())))));
            expected.add(label);
        });
        if (items.isEmpty()) throw new Failure(dataset + ": holds no examples");
        options.run(
                "snli-ve",
                "examples",
                inputs,
                Map.of(),
                checkpoint -> HeadNames.require(Head.VISUAL_ENTAILMENT, checkpoint),
                streams,
                setting -> {
                    try (var model = BridgeTowerForVisualEntailment.load(setting.checkpoint(), setting.trunk())) {
                        TaskPredictions predictions =
                                new TaskPredictions(setting, (texts, images) -> model.logits(texts, images.getFirst()));
                        return LabelAccuracy.measure(dataset, model.labels(), expected, items, predictions);
                    }
                });
        return null;
    }
}
