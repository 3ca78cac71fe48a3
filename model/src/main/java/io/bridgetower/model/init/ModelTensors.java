package io.bridgetower.model.init;

import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.config.ContrastiveForm;
import io.bridgetower.model.config.LinkTowerType;
import io.bridgetower.model.config.PositionEmbeddingType;
import io.bridgetower.model.config.TaskHead;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of a model with all heads of the reference, and that of a task where the configuration's {@code architectures}
 * names one: their names in a checkpoint, their shapes, and how the reference initialises them.
 */
public final class ModelTensors {
    /** Deviation of weights that have no rule of their own, before {@code initializer_factor}. */
    private static final double DEVIATION = 0.05;

    /**
     * A tensor before training.
     *
     * @param mean what all elements are, where the deviation is zero
     * @param deviation of normally distributed elements
     */
    record Initial(double mean, double deviation, int... shape) {}

    private final TreeMap<String, Initial> tensors = new TreeMap<>();
    private final BridgeTowerConfig config;
    private final double deviation;

    private ModelTensors(BridgeTowerConfig config) {
        this.config = config;
        this.deviation = DEVIATION * config.initializerFactor();
        addText();
        addVision();
        addCrossModal("text", config.textConfig().hiddenSize());
        addCrossModal("image", config.visionConfig().hiddenSize());
        weight("bridgetower.token_type_embeddings.weight", config.modalityTypeVocabSize(), config.hiddenSize());
        addHeads();
    }

    static SortedMap<String, Initial> of(BridgeTowerConfig config) {
        return Collections.unmodifiableSortedMap(new ModelTensors(config).tensors);
    }

    /** Names and shapes, sorted by name. */
    public static SortedMap<String, int[]> shapes(BridgeTowerConfig config) {
        TreeMap<String, int[]> shapes = new TreeMap<>();
        for (Map.Entry<String, Initial> tensor : of(config).entrySet()) {
            shapes.put(tensor.getKey(), tensor.getValue().shape().clone());
        }
        return shapes;
    }

    private void addText() {
        BridgeTowerTextConfig text = config.textConfig();
        String model = "bridgetower.text_model.", embeddings = model + "embeddings.";
        weight(embeddings + "word_embeddings.weight", text.vocabSize(), text.hiddenSize());
        weight(embeddings + "position_embeddings.weight", text.maxPositionEmbeddings(), text.hiddenSize());
        weight(embeddings + "token_type_embeddings.weight", text.typeVocabSize(), text.hiddenSize());
        layerNorm(embeddings + "LayerNorm", text.hiddenSize());
        for (int i = 0; i < text.numHiddenLayers(); i++) {
            String layer = model + "encoder.layer." + i + ".";
            attention(layer + "attention.", true);
            if (text.addCrossAttention()) attention(layer + "crossattention.", false);
            feedForward(layer);
        }
        linear(model + "pooler.dense", text.hiddenSize(), text.hiddenSize());
    }

    private void addVision() {
        BridgeTowerVisionConfig vision = config.visionConfig();
        int hidden = vision.hiddenSize(), patch = vision.patchSize();
        double factor = config.visionConfig().initializerFactor(), width = Math.pow(hidden, -0.5) * factor;
        double projection = width * Math.pow(2.0 * vision.numHiddenLayers(), -0.5);
        String visual = "bridgetower.vision_model.visual.", embeddings = visual + "embeddings.";
        add(embeddings + "class_embedding", 0, width, hidden);
        add(embeddings + "position_embedding.weight", 0, width, vision.numPositions(), hidden);
        weight(embeddings + "patch_embedding.weight", hidden, vision.numChannels(), patch, patch);
        layerNorm(visual + "ln_pre", hidden);
        layerNorm(visual + "ln_post", hidden);
        // The reference makes one for the block too that removeLastLayer leaves out.
        for (int i = 0; i < vision.numHiddenLayers() && !vision.shareLayernorm(); i++) {
            layerNorm(visual + "ln_separate." + i, hidden);
        }
        for (int i = 0; i < vision.numBlocks(); i++) {
            String block = visual + "transformer.resblocks." + i + ".";
            layerNorm(block + "ln_1", hidden);
            layerNorm(block + "ln_2", hidden);
            linear(block + "attn.in_proj_weight", block + "attn.in_proj_bias", width, 3 * hidden, hidden);
            linear(block + "attn.out_proj.weight", block + "attn.out_proj.bias", projection, hidden, hidden);
            int inner = vision.intermediateSize();
            double wide = Math.pow(2.0 * hidden, -0.5) * factor;
            linear(block + "mlp.c_fc.weight", block + "mlp.c_fc.bias", wide, inner, hidden);
            linear(block + "mlp.c_proj.weight", block + "mlp.c_proj.bias", projection, hidden, inner);
        }
    }

    private void addCrossModal(String modality, int towerHidden) {
        int hidden = config.hiddenSize(), layers = config.numHiddenLayers();
        String name = "bridgetower.cross_modal_" + modality + "_";
        for (int i = 0; i < (config.shareCrossModalTransformerLayers() ? 1 : layers); i++) {
            String index = config.shareCrossModalTransformerLayers() ? "" : "." + i;
            linear(name + "transform" + index, hidden, towerHidden);
        }
        layerNorm(name + "layernorm", hidden);
        linear(name + "pooler.dense", hidden, hidden);
        for (int i = 0; i < layers; i++) {
            attention(name + "layers." + i + ".attention.", true);
            attention(name + "layers." + i + ".crossattention.", true);
            feedForward(name + "layers." + i + ".");
        }
        for (int i = 0; i < (config.shareLinkTowerLayers() ? 1 : layers - 1); i++) {
            String link = name + "link_tower" + (config.shareLinkTowerLayers() ? "" : "." + i);
            layerNorm(link + ".LayerNorm", hidden);
            if (config.linkTowerType() == LinkTowerType.SCALED_ADD) add(link + ".scaled_factor", 1, 0);
            if (config.linkTowerType() == LinkTowerType.INTERPOLATE) add(link + ".beta", 0.5, 0);
        }
    }

    private void addHeads() {
        int hidden = config.hiddenSize(), size = config.contrastiveHiddenSize();
        linear("itm_score.fc", 2, 2 * hidden);
        linear("mlm_score.transform.dense", hidden, hidden);
        layerNorm("mlm_score.transform.LayerNorm", hidden);
        // Tied, it is the word embedding, and the reference writes it once.
        if (!config.tieWordEmbeddings()) {
            weight("mlm_score.decoder.weight", config.textConfig().vocabSize(), hidden);
        }
        add("mlm_score.bias", 0, 0, config.textConfig().vocabSize());
        boolean original = config.contrastiveForm() == ContrastiveForm.ORIGINAL;
        linear("itc_text_head.fc", size, hidden);
        linear("itc_image_head.fc", size, original ? config.visionConfig().hiddenSize() : hidden);
        if (!original) linear("itc_cross_modal_head.fc", size, 2 * hidden);
        add("logit_scale", config.logitScaleInitValue(), 0);
        for (TaskHead head : TaskHead.values()) {
            if (config.architectures().contains(head.architecture())) addTaskHead(head);
        }
    }

    private void addTaskHead(TaskHead head) {
        int in = head.in(config), inner = head.inner(config), labels = head.labelCount(config);
        if (config.taskHeadLayers() == 1) {
            linear(head.tensors() + ".0", labels, in);
        } else {
            linear(head.tensors() + ".0", inner, in);
            layerNorm(head.tensors() + ".1", inner);
            linear(head.tensors() + ".3", labels, inner);
        }
    }

    private void attention(String name, boolean mayBeRelative) {
        BridgeTowerTextConfig text = config.textConfig();
        int hidden = text.hiddenSize();
        for (String part : new String[] {"query", "key", "value"}) linear(name + "self." + part, hidden, hidden);
        if (mayBeRelative && text.positionEmbeddingType() != PositionEmbeddingType.ABSOLUTE) {
            int distances = 2 * text.maxPositionEmbeddings() - 1;
            weight(name + "self.distance_embedding.weight", distances, hidden / text.numAttentionHeads());
        }
        linear(name + "output.dense", hidden, hidden);
        layerNorm(name + "output.LayerNorm", hidden);
    }

    private void feedForward(String layer) {
        int hidden = config.textConfig().hiddenSize(),
                inner = config.textConfig().intermediateSize();
        linear(layer + "intermediate.dense", inner, hidden);
        linear(layer + "output.dense", hidden, inner);
        layerNorm(layer + "output.LayerNorm", hidden);
    }

    private void linear(String name, int out, int in) {
        linear(name + ".weight", name + ".bias", deviation, out, in);
    }

    private void linear(String weight, String bias, double weightDeviation, int out, int in) {
        add(weight, 0, weightDeviation, out, in);
        add(bias, 0, 0, out);
    }

    private void layerNorm(String name, int size) {
        add(name + ".weight", 1, 0, size);
        add(name + ".bias", 0, 0, size);
    }

    private void weight(String name, int... shape) {
        add(name, 0, deviation, shape);
    }

    private void add(String name, double mean, double standardDeviation, int... shape) {
        tensors.put(name, new Initial(mean, standardDeviation, shape));
    }
}
