package io.bridgetower;

/** What a checkpoint may hold besides the model itself. */
public enum Head {
    /** Image-text matching (ITM): how well a text describes an image. */
    MATCHING("itm_score", "score and rank"),
    /** Masked language modelling (MLM): which words belong at the masked tokens of a text, given an image. */
    MASKED_LM("mlm_score", "fill and complete"),
    /** Image-text contrastive learning (ITC): vectors of texts, images and pairs. */
    CONTRASTIVE("itc_text_head", "embed");

    private final String tensors;
    private final String methods;

    Head(String tensors, String methods) {
        this.tensors = tensors;
        this.methods = methods;
    }

    /** How the names of its tensors begin. */
    String tensors() {
        return tensors;
    }

    /** What needs it. */
    String methods() {
        return methods;
    }
}
