package io.bridgetower.cli.evaluate;

import io.bridgetower.Head;
import io.bridgetower.cli.model.HeadNames;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.BridgeTowerForVisualReasoning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower evaluate nlvr2}. */
@Command(
        name = "nlvr2",
        description = "Accuracy on NLVR2: whether sentences are true of two images.",
        footerHeading = "%nExamples:%n",
        footer = "  bridgetower evaluate nlvr2 --dataset dev.json --images dev --model DIR")
public final class Nlvr2Command implements Callable<Void> {
    private final Streams streams;

    @Option(
            names = "--dataset",
            paramLabel = "FILE",
            required = true,
            description =
                    "JSON lines: {\"identifier\": \"dev-850-0-1\", \"sentence\": …, \"label\": \"True\"}. The images"
                            + " of this one are dev-850-0-img0.png and dev-850-0-img1.png.")
    private Path dataset;

    @Mixin
    private EvaluationOptions options;

    public Nlvr2Command(Streams streams) {
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
            String identifier = fields.text("identifier");
            int end = identifier.lastIndexOf('-');
            if (end < 0) throw fields.wrong("identifier", "the number of a sentence after a last hyphen");
            List<Path> images = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String name = identifier.substring(0, end) + "-img" + i;
                images.add(folder.find(
                        fields.values().get("directory") == null
                                ? List.of(name)
                                : List.of(name, fields.values().get("directory") + "/" + name)));
            }
            items.add(new TaskItem(fields.text("sentence"), images));
            expected.add(fields.text("label"));
        });
        if (items.isEmpty()) throw new Failure(dataset + ": holds no examples");
        options.run(
                "nlvr2",
                "examples",
                inputs,
                Map.of(),
                checkpoint -> HeadNames.require(Head.VISUAL_REASONING, checkpoint),
                streams,
                setting -> {
                    try (var model = BridgeTowerForVisualReasoning.load(setting.checkpoint(), setting.trunk())) {
                        TaskPredictions predictions = new TaskPredictions(
                                setting, (texts, images) -> model.logits(texts, images.getFirst(), images.getLast()));
                        return LabelAccuracy.measure(dataset, model.labels(), expected, items, predictions);
                    }
                });
        return null;
    }
}
