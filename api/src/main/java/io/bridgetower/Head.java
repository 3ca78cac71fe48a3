package io.bridgetower;

import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerForQuestionAnswering;
import io.bridgetower.model.BridgeTowerForVisualEntailment;
import io.bridgetower.model.BridgeTowerForVisualReasoning;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/** What a checkpoint may hold in addition to the model itself. */
public enum Head {
    /** Image-text matching (ITM): how well a text describes an image. */
    MATCHING(
            "itm",
            "itm_score",
            "score and rank",
            BridgeTowerForImageAndTextRetrieval::isIn,
            BridgeTowerForImageAndTextRetrieval::load),
    /** Masked language modelling (MLM): which words belong at the masked tokens of a text, given an image. */
    MASKED_LM("mlm", "mlm_score", "fill and complete", BridgeTowerForMaskedLM::isIn, BridgeTowerForMaskedLM::load),
    /** Image-text contrastive learning (ITC): vectors of texts, images and pairs. */
    CONTRASTIVE(
            "itc",
            "itc_text_head",
            "embed",
            BridgeTowerForContrastiveLearning::isIn,
            BridgeTowerForContrastiveLearning::load),
    /** VQAv2: which of a list of answers fits a question about an image. */
    QUESTION_ANSWERING(
            "vqa",
            "vqa_classifier",
            "answer",
            BridgeTowerForQuestionAnswering::isIn,
            BridgeTowerForQuestionAnswering::load),
    /** SNLI-VE: whether an image contradicts a sentence, leaves it open or entails it. */
    VISUAL_ENTAILMENT(
            "ve",
            "snli_classifier",
            "entail",
            BridgeTowerForVisualEntailment::isIn,
            BridgeTowerForVisualEntailment::load),
    /** NLVR2: whether a sentence is true of two images. */
    VISUAL_REASONING(
            "nlvr2",
            "nlvr2_classifier",
            "compare",
            BridgeTowerForVisualReasoning::isIn,
            BridgeTowerForVisualReasoning::load);

    private final String abbreviation;
    private final String tensors;
    private final String methods;
    private final Predicate<Checkpoint> isIn;
    private final Loader loader;

    @FunctionalInterface
    private interface Loader {
        AutoCloseable load(Checkpoint checkpoint, BridgeTowerModel trunk) throws IOException;
    }

    Head(String abbreviation, String tensors, String methods, Predicate<Checkpoint> isIn, Loader loader) {
        this.abbreviation = abbreviation;
        this.tensors = tensors;
        this.methods = methods;
        this.isIn = isIn;
        this.loader = loader;
    }

    /** The heads that a checkpoint holds. */
    public static Set<Head> of(Checkpoint checkpoint) {
        Set<Head> heads = EnumSet.noneOf(Head.class);
        for (Head head : values()) if (head.isIn.test(checkpoint)) heads.add(head);
        return Collections.unmodifiableSet(heads);
    }

    /** As the field calls it, for people: {@code itm}, {@code mlm}, {@code itc}, {@code vqa}, {@code ve}, {@code nlvr2}. */
    public String abbreviation() {
        return abbreviation;
    }

    /** How the names of its tensors begin, up to a dot. */
    public String tensors() {
        return tensors;
    }

    /** The methods of {@link BridgeTower} that need it. */
    String methods() {
        return methods;
    }

    /** The model with this head, on a trunk that stays its owner's to close. */
    AutoCloseable load(Checkpoint checkpoint, BridgeTowerModel trunk) throws IOException {
        return loader.load(checkpoint, trunk);
    }
}
