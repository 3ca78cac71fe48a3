package io.bridgetower.model.config;

import java.util.List;
import java.util.stream.IntStream;

/** The heads of the paper's tasks with labels: classifiers of what the poolers put out, which Transformers does not have. */
public enum TaskHead {
    /** VQAv2: which of a list of answers fits a question about an image. */
    QUESTION_ANSWERING("BridgeTowerForQuestionAnswering", "vqa_classifier", 1),
    /** SNLI-VE: whether an image contradicts a sentence, leaves it open or entails it. */
    VISUAL_ENTAILMENT("BridgeTowerForVisualEntailment", "snli_classifier", 1, "contradiction", "neutral", "entailment"),
    /** NLVR2: whether a sentence is true of two images. */
    VISUAL_REASONING("BridgeTowerForVisualReasoning", "nlvr2_classifier", 2, "False", "True");

    private final String architecture;
    private final String tensors;
    private final int images;
    private final List<String> labels;

    TaskHead(String architecture, String tensors, int images, String... labels) {
        this.architecture = architecture;
        this.tensors = tensors;
        this.images = images;
        this.labels = List.of(labels);
    }

    /** The class of a model with this head, as {@code architectures} of config.json names it. */
    public String architecture() {
        return architecture;
    }

    /** What the names of its tensors begin with, up to a dot. */
    public String tensors() {
        return tensors;
    }

    /** The name of a weight that every head has, [width, {@link #in}]. */
    public String firstWeight() {
        return tensors + ".0.weight";
    }

    /**
     * The name of the weight whose rows are the labels. The numbers are those of torch's {@code Sequential}.
     *
     * @param layers of the head, 1 or 2
     */
    public String lastWeight(int layers) {
        return layers == 1 ? firstWeight() : tensors + ".3.weight";
    }

    /** Images that it compares. */
    public int images() {
        return images;
    }

    /** Width of what it reads: a pooled text and a pooled image for each of its images. */
    public int in(BridgeTowerConfig config) {
        return images * 2 * config.hiddenSize();
    }

    /** Width between its two layers. */
    public int inner(BridgeTowerConfig config) {
        return 2 * config.hiddenSize() * config.headHiddenScale();
    }

    /** Number of its outputs, where there are no weights that tell. */
    public int labelCount(BridgeTowerConfig config) {
        if (!labels.isEmpty()) return labels.size();
        List<String> named = named(config);
        return named.isEmpty() ? config.numLabels() : named.size();
    }

    /**
     * The names of its outputs: {@code id2label} where the configuration is that of a model with this head, or else those of
     * the data set. Answers without a name are called {@code LABEL_0} and so on, as in Transformers.
     *
     * @param count outputs of the head
     * @throws InvalidFieldException if {@code id2label} does not name each of them
     */
    public List<String> labels(BridgeTowerConfig config, int count) {
        List<String> named = named(config);
        if (named.isEmpty()) {
            return labels.size() == count
                    ? labels
                    : IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
        }
        if (named.size() != count) {
            throw new InvalidFieldException(
                    Labels.FIELD, "names " + named.size() + " labels, expected " + count + ", as " + tensors + " has");
        }
        return named;
    }

    private List<String> named(BridgeTowerConfig config) {
        return config.architectures().contains(architecture) ? config.labels() : List.of();
    }
}
