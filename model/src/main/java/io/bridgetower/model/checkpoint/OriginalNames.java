package io.bridgetower.model.checkpoint;

import io.bridgetower.model.config.TaskHead;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The names of tensors in the authors' code, and those of Transformers, by which models ask. */
final class OriginalNames {
    static final String TEXT = "text_transformer.";
    static final String VISUAL = "vit_model.visual.";
    static final String POSITIONS = VISUAL + "positional_embedding";

    /** A number by which contrastive scores are divided. */
    static final String TEMPERATURE = "temperature";

    private static final String NEW_VISUAL = "bridgetower.vision_model.visual.";

    /** Beginnings of names, or whole names, in the order in which they are tried. */
    private static final List<Map.Entry<String, String>> PREFIXES = List.of(
            Map.entry(TEXT, "bridgetower.text_model."),
            Map.entry(VISUAL + "class_embedding", NEW_VISUAL + "embeddings.class_embedding"),
            Map.entry(POSITIONS, NEW_VISUAL + "embeddings.position_embedding.weight"),
            Map.entry(VISUAL + "conv1.weight", NEW_VISUAL + "embeddings.patch_embedding.weight"),
            Map.entry(VISUAL + "ln_pre.", NEW_VISUAL + "ln_pre."),
            Map.entry(VISUAL + "ln_post.", NEW_VISUAL + "ln_post."),
            Map.entry(VISUAL + "transformer.resblocks.", NEW_VISUAL + "transformer.resblocks."),
            Map.entry(VISUAL + "ln_separate.", NEW_VISUAL + "ln_separate."),
            Map.entry(VISUAL + "cross_modal_ln_separate.", NEW_VISUAL + "ln_separate."),
            Map.entry("cross_modal_ln_separate.", NEW_VISUAL + "ln_separate."),
            Map.entry("cross_modal_", "bridgetower.cross_modal_"),
            Map.entry("token_type_embeddings.", "bridgetower.token_type_embeddings."));

    /** Beginnings of names that are the same in both. */
    private static final List<String> HEADS = Stream.concat(
                    Stream.of("mlm_score.", "itm_score.", "itc_text_head.", "itc_image_head."),
                    Arrays.stream(TaskHead.values()).map(head -> head.tensors() + "."))
            .toList();

    private OriginalNames() {}

    /** The name in Transformers; null for a tensor that models do not read. */
    static String renamed(String name) {
        for (Map.Entry<String, String> prefix : PREFIXES) {
            if (name.startsWith(prefix.getKey())) {
                return prefix.getValue() + name.substring(prefix.getKey().length());
            }
        }
        return HEADS.stream().anyMatch(name::startsWith) ? name : null;
    }

    /** Whether a file holds a model of the authors' code, by the names of its tensors. */
    static boolean areIn(Iterable<String> names) {
        boolean text = false, visual = false;
        for (String name : names) {
            text |= name.startsWith(TEXT);
            visual |= name.startsWith(VISUAL);
        }
        return text && visual;
    }
}
