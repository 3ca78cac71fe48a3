package io.bridgetower.cli.evaluate;

import io.bridgetower.Head;
import io.bridgetower.cli.model.HeadNames;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.cli.terminal.Table;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower evaluate retrieval}. */
@Command(
        name = "retrieval",
        description =
                "Recall of images by captions and of captions by images, on Flickr30k or COCO in Karpathy's form.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower evaluate retrieval --dataset dataset_flickr30k.json \\",
            "      --images flickr30k-images --model DIR --measures contrastive,two-stage",
            "  bridgetower evaluate retrieval --dataset dataset_coco.json --top-k 256 \\",
            "      --images coco --model DIR --output recall.json --resume"
        })
public final class RetrievalCommand implements Callable<Void> {
    /** What the authors give to a pair that was not proposed. */
    private static final float NOT_PROPOSED = -100;

    /** How pairs are scored. */
    enum Measure {
        /** By the dot product of their vectors. */
        CONTRASTIVE("contrastive"),
        /** By the logit of a match. */
        MATCHING("matching"),
        /** By the logit of a match, for what the dot products propose. */
        TWO_STAGE("two-stage");

        private final String title;

        Measure(String title) {
            this.title = title;
        }

        /** Its name on the command line. */
        @Override
        public String toString() {
            return title;
        }
    }

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dataset",
            paramLabel = "FILE",
            required = true,
            description = "JSON: {\"images\": [{\"filename\": …, \"split\": …, \"sentences\": [{\"raw\": …}, …]}, …]}.")
    private Path dataset;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "test",
            description = "Which images of the data set to take; ${DEFAULT-VALUE} if not given.")
    private String split;

    @Option(
            names = "--measures",
            paramLabel = "NAME",
            split = ",",
            description =
                    "contrastive: dot products of vectors. matching: all pairs through the cross-modal layers, which"
                            + " takes long. two-stage: only the pairs that vectors propose. All if not given.")
    private Set<Measure> measures = EnumSet.allOf(Measure.class);

    private int top = 128;

    @Mixin
    private EvaluationOptions options;

    public RetrievalCommand(Streams streams) {
        this.streams = streams;
    }

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description =
                    "How many images of a caption, and captions of an image, vectors propose; 128 if not given, as"
                            + " for Flickr30k.")
    private void setTop(int count) {
        if (count < 1) throw new ParameterException(spec.commandLine(), "--top-k: expected 1 or more, found " + count);
        top = count;
    }

    @Override
    public Void call() throws IOException, Failure {
        List<Path> inputs = List.of(dataset);
        options.check(inputs);
        RetrievalData data = RetrievalData.read(dataset, split, options.images());
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("split", split);
        settings.put("pairs", needsAll() ? "all" : "top " + top);
        options.run(
                "retrieval",
                "pairs",
                inputs,
                settings,
                this::requireHeads,
                streams,
                setting -> evaluate(setting, data));
        return null;
    }

    private boolean needsAll() {
        return measures.contains(Measure.MATCHING);
    }

    private boolean needsVectors() {
        return measures.contains(Measure.CONTRASTIVE) || measures.contains(Measure.TWO_STAGE);
    }

    private boolean needsLogits() {
        return measures.contains(Measure.MATCHING) || measures.contains(Measure.TWO_STAGE);
    }

    private void requireHeads(Checkpoint checkpoint) throws Failure {
        if (needsVectors()) HeadNames.require(Head.CONTRASTIVE, checkpoint);
        if (needsLogits()) HeadNames.require(Head.MATCHING, checkpoint);
    }

    private EvaluationResult evaluate(EvaluationOptions.Setting setting, RetrievalData data) throws IOException {
        Retrieval retrieval = new Retrieval(data, setting.texts(), setting.images());
        int images = data.images().size(), captions = data.captions().size();
        float[][] similarities = null, logits = null;
        if (needsVectors()) {
            try (var model = BridgeTowerForContrastiveLearning.load(setting.checkpoint(), setting.trunk())) {
                similarities = retrieval.similarities(model);
            }
        }
        Proposals proposals = measures.contains(Measure.TWO_STAGE) ? Proposals.of(similarities, top) : null;
        if (needsLogits()) {
            Proposals wanted = needsAll() ? Proposals.all(images, captions) : proposals;
            try (var model = BridgeTowerForImageAndTextRetrieval.load(setting.checkpoint(), setting.trunk())) {
                logits = retrieval.logits(model, wanted, NOT_PROPOSED, setting.log(), setting.bar());
            }
        }
        Map<Measure, Recall> recalls = new LinkedHashMap<>();
        if (measures.contains(Measure.CONTRASTIVE)) {
            recalls.put(Measure.CONTRASTIVE, Recall.of(similarities, data.owners()));
        }
        if (needsAll()) recalls.put(Measure.MATCHING, Recall.of(logits, data.owners()));
        if (proposals != null) recalls.put(Measure.TWO_STAGE, Recall.of(proposed(logits, proposals), data.owners()));
        return result(recalls, images, captions);
    }

    /** The logits of what was proposed in either direction, which is the greater of both where the rest has the least. */
    private static float[][] proposed(float[][] logits, Proposals proposals) {
        float[][] scores = new float[logits.length][];
        for (int image = 0; image < scores.length; image++) {
            scores[image] = logits[image].clone();
            for (int caption = 0; caption < scores[image].length; caption++) {
                if (!proposals.has(image, caption)) scores[image][caption] = NOT_PROPOSED;
            }
        }
        return scores;
    }

    private EvaluationResult result(Map<Measure, Recall> recalls, int images, int captions) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("split", split);
        json.put("images", (long) images);
        json.put("captions", (long) captions);
        Table table = new Table("measure", "of", "R@1", "R@5", "R@10");
        recalls.forEach((measure, recall) -> {
            Map<String, Object> fields = recall.json();
            if (measure == Measure.TWO_STAGE) fields.put("top_k", (long) top);
            json.put(measure.title.replace('-', '_'), fields);
            add(table, measure, "images by caption", recall.imageByCaption());
            add(table, measure, "captions by image", recall.captionByImage());
        });
        return new EvaluationResult(json, table);
    }

    private static void add(Table table, Measure measure, String what, double[] shares) {
        String[] cells = new String[2 + shares.length];
        cells[0] = measure.title;
        cells[1] = what;
        for (int i = 0; i < shares.length; i++) cells[2 + i] = EvaluationResult.percent(shares[i]);
        table.add(cells);
    }
}
