package io.bridgetower.cli.model;

import io.bridgetower.model.Operations;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.config.BridgeTowerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What a model directory holds, and what running it takes.
 *
 * @param shape dimensions by their names in config.json
 * @param parameters of each part, in the order of the data flow
 * @param heads by the names of the outputs: itm, mlm, itc, vqa, ve, nlvr2
 * @param types how many parameters are stored in each type
 * @param costs operations of a pair, by what they are for; null for a tower alone
 */
record ModelInfo(
        Path directory,
        Architecture architecture,
        SequencedMap<String, Integer> shape,
        SequencedMap<String, Long> parameters,
        List<String> heads,
        Map<String, Long> types,
        SequencedMap<String, Long> costs) {
    /** Tokens of the text of which the operations are counted: those of a sentence. */
    static final int TEXT_TOKENS = 16;

    private static final String OTHER = "other";

    /** What the names of a part's tensors begin with, without {@code bridgetower.}. */
    private static final SequencedMap<String, String> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("text_model\\..*", "text tower");
        PARTS.put("vision_model\\..*", "vision tower");
        PARTS.put("(cross_modal_(text|image)_(transform|layernorm|link_tower)|token_type_embeddings)\\..*", "bridges");
        PARTS.put("cross_modal_(text|image)_layers\\..*", "cross-modal layers");
        PARTS.put("cross_modal_(text|image)_pooler\\..*", "poolers");
        PARTS.put("itm_score\\..*", "matching head");
        PARTS.put("mlm_score\\..*", "masked LM head");
        PARTS.put("itc_.*|logit_scale", "contrastive heads");
        PARTS.put("vqa_classifier\\..*", "answer head");
        PARTS.put("snli_classifier\\..*", "entailment head");
        PARTS.put("nlvr2_classifier\\..*", "reasoning head");
    }

    static ModelInfo of(Checkpoint checkpoint) throws IOException {
        Architecture architecture = Architecture.of(checkpoint);
        SequencedMap<String, Long> parameters = new LinkedHashMap<>();
        for (String part : PARTS.values()) parameters.put(part, 0L);
        Map<String, Long> types = new TreeMap<>();
        for (String name : checkpoint.weights().names()) {
            TensorInfo info = checkpoint.weights().info(name);
            parameters.merge(part(architecture, name), info.elements(), Long::sum);
            types.merge(info.dtype().name(), info.elements(), Long::sum);
        }
        parameters.values().removeIf(count -> count == 0);
        boolean whole = architecture == Architecture.WHOLE;
        return new ModelInfo(
                checkpoint.directory(),
                architecture,
                ModelShape.of(architecture, checkpoint),
                parameters,
                HeadNames.of(checkpoint),
                types,
                whole ? costs(checkpoint.config()) : null);
    }

    long totalParameters() {
        return parameters.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of the weights when they are loaded, as 32-bit floats. */
    long memoryBytes() {
        return totalParameters() * Float.BYTES;
    }

    private static String part(Architecture architecture, String name) {
        if (name.endsWith("position_ids")) return OTHER;
        String bare = name.startsWith("bridgetower.") ? name.substring("bridgetower.".length()) : name;
        for (Map.Entry<String, String> part : PARTS.entrySet()) {
            if (bare.matches(part.getKey())) return part.getValue();
        }
        return switch (architecture) {
            case WHOLE -> OTHER;
            case TEXT -> "text tower";
            case VISION -> "vision tower";
        };
    }

    private static SequencedMap<String, Long> costs(BridgeTowerConfig config) {
        Operations operations = new Operations(config);
        int imageTokens = config.visionConfig().numPositions();
        long pair = operations.matching(TEXT_TOKENS, imageTokens);
        long text = operations.textEncoding(TEXT_TOKENS), image = operations.imageEncoding(imageTokens);
        SequencedMap<String, Long> costs = new LinkedHashMap<>();
        costs.put("text", text);
        costs.put("image", image);
        costs.put("fusion", pair - text - image);
        costs.put("pair", pair);
        return costs;
    }
}
