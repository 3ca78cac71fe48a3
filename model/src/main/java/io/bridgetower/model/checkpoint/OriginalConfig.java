package io.bridgetower.model.checkpoint;

import static io.bridgetower.model.checkpoint.OriginalNames.TEXT;
import static io.bridgetower.model.checkpoint.OriginalNames.VISUAL;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.BridgeTowerVisionConfig;
import io.bridgetower.model.config.ContrastiveForm;
import io.bridgetower.model.config.FieldRange;
import io.bridgetower.model.config.InvalidFieldException;
import io.bridgetower.model.config.LinkTowerType;
import io.bridgetower.model.config.TaskHead;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The configuration of a model of the authors' code: what the shapes of its weights tell, and from its hyper-parameters the
 * rest. Where both tell something, they have to agree.
 */
final class OriginalConfig {
    /** Patches along a side at most: a hyper-parameter alone must not take much memory. */
    static final int MAX_PATCHES = 128;

    /** Of the cross-modal layers and the masked-LM head, which are built from BERT's configuration. */
    private static final double CROSS_MODAL_LAYER_NORM_EPS = 1e-12;

    private static final int USUAL_HEAD_WIDTH = 64;

    private final Path path;
    private final OriginalFile file;
    private final HyperParameters given;

    private OriginalConfig(Path path, OriginalFile file) {
        this.path = path;
        this.file = file;
        given = file.hyperParameters();
    }

    /** @throws MalformedFileException if a tensor is missing, or a hyper-parameter is none of a model */
    static BridgeTowerConfig of(Path path, OriginalFile file) throws MalformedFileException {
        try {
            return new OriginalConfig(path, file).build();
        } catch (InvalidFieldException e) {
            throw new MalformedFileException(path, e.field(), e.problem(), e);
        }
    }

    /** Whether it has been fine-tuned for a task, which changes how images are prepared. */
    static boolean isFineTuned(OriginalFile file) throws MalformedFileException {
        for (TaskHead head : TaskHead.values()) if (has(file, head)) return true;
        return isRetrieval(file);
    }

    private BridgeTowerConfig build() throws MalformedFileException {
        checkTokenizer();
        String transform = file.has("cross_modal_text_transform.weight") ? "" : ".0";
        int hidden = file.dim("cross_modal_text_transform" + transform + ".weight", 0, 2);
        int layers = file.layers("cross_modal_text_layers.", ".attention.self.query.weight");
        int heads = given.integer("num_heads").orElse(Math.max(1, hidden / USUAL_HEAD_WIDTH));
        given.check("hidden_size", hidden);
        given.check("num_layers", layers);
        BridgeTowerConfig.Builder config = BridgeTowerConfig.builder()
                .architecture(architecture())
                .hiddenSize(hidden)
                .numHiddenLayers(layers)
                .numAttentionHeads(heads)
                .shareCrossModalTransformerLayers(transform.isEmpty())
                .shareLinkTowerLayers(file.has("cross_modal_text_link_tower.LayerNorm.weight"))
                .linkTowerType(linkTowerType())
                .crossModalLayerNormEps(CROSS_MODAL_LAYER_NORM_EPS)
                .contrastiveForm(ContrastiveForm.ORIGINAL)
                .modalityTypeVocabSize(file.dim("token_type_embeddings.weight", 0, 2))
                .textConfig(text(heads))
                .visionConfig(vision());
        if (file.has("itc_text_head.fc.weight")) {
            config.contrastiveHiddenSize(file.dim("itc_text_head.fc.weight", 0, 2));
        }
        OptionalInt tokens = maxTextTokens(file);
        if (tokens.isPresent()) config.otherField("max_text_len", (long) tokens.getAsInt());
        Conversion.Target type = Conversion.Target.of(file.dtype());
        if (type != null) config.otherField(ConfigDType.NAMES.getFirst(), type.configName());
        addTaskHead(config, hidden);
        return config.build();
    }

    /** Tokens to which texts were truncated. */
    static OptionalInt maxTextTokens(OriginalFile file) throws MalformedFileException {
        return file.hyperParameters().integer("max_text_len");
    }

    private void addTaskHead(BridgeTowerConfig.Builder config, int hidden) throws MalformedFileException {
        for (TaskHead head : TaskHead.values()) {
            if (!has(file, head)) continue;
            int layers = file.has(head.lastWeight(2)) ? 2 : 1;
            given.check("task_head_layers", layers);
            config.taskHeadLayers(layers);
            if (layers == 2) {
                int inner = file.dim(head.firstWeight(), 0, 2);
                config.headHiddenScale(Math.max(1, inner / (2 * hidden)));
            }
            if (head == TaskHead.QUESTION_ANSWERING) {
                int answers = file.dim(head.lastWeight(layers), 0, 2);
                given.check("vqav2_label_size", answers);
                config.numLabels(answers);
            }
            return;
        }
    }

    private BridgeTowerTextConfig text(int heads) throws MalformedFileException {
        String embeddings = TEXT + "embeddings.", layer = TEXT + "encoder.layer.";
        int layers = file.layers(layer, ".attention.self.query.weight");
        BridgeTowerTextConfig.Builder text = BridgeTowerTextConfig.builder()
                .vocabSize(file.dim(embeddings + "word_embeddings.weight", 0, 2))
                .hiddenSize(file.dim(embeddings + "word_embeddings.weight", 1, 2))
                .maxPositionEmbeddings(file.dim(embeddings + "position_embeddings.weight", 0, 2))
                .typeVocabSize(file.dim(embeddings + "token_type_embeddings.weight", 0, 2))
                .numHiddenLayers(layers)
                .numAttentionHeads(heads)
                // That of a cross-modal layer, for a model may have no text layer.
                .intermediateSize(file.dim("cross_modal_text_layers.0.intermediate.dense.weight", 0, 2));
        return text.build();
    }

    private BridgeTowerVisionConfig vision() throws MalformedFileException {
        String conv = VISUAL + "conv1.weight";
        int blocks = file.layers(VISUAL + "transformer.resblocks.", ".attn.in_proj_weight");
        boolean removeLast = given.flag("vit_remove_last", false);
        boolean separate = file.has(VISUAL + "ln_separate.0.weight")
                || file.has(VISUAL + "cross_modal_ln_separate.0.weight")
                || file.has("cross_modal_ln_separate.0.weight");
        given.check("patch_size", file.dim(conv, 2, 4));
        return BridgeTowerVisionConfig.builder()
                .hiddenSize(file.dim(conv, 0, 4))
                .numChannels(file.dim(conv, 1, 4))
                .patchSize(file.dim(conv, 2, 4))
                .imageSize(file.imageSize())
                .numHiddenLayers(removeLast ? blocks + 1 : blocks)
                .removeLastLayer(removeLast)
                .shareLayernorm(given.flag("vit_layernorm_shared", !separate))
                .build();
    }

    private LinkTowerType linkTowerType() throws MalformedFileException {
        String name = given.text("link_tower_type").orElse(null);
        if (name == null) {
            if (isInLinks("scaled_factor")) return LinkTowerType.SCALED_ADD;
            return isInLinks("beta") ? LinkTowerType.INTERPOLATE : LinkTowerType.ADD;
        }
        for (LinkTowerType type : LinkTowerType.values())
            if (FieldRange.jsonName(type).equals(name)) return type;
        throw given.malformed("link_tower_type", FieldRange.alternatives(LinkTowerType.values()));
    }

    private boolean isInLinks(String tensor) {
        return file.has("cross_modal_text_link_tower." + tensor) || file.has("cross_modal_text_link_tower.0." + tensor);
    }

    /** BERT counts positions and pads in another way than RoBERTa, and its weights have the same names. */
    private void checkTokenizer() throws MalformedFileException {
        String tokenizer = given.text("tokenizer").orElse("roberta");
        if (tokenizer.contains("bert-") && !tokenizer.contains("roberta")) {
            throw given.malformed("tokenizer", "that of a RoBERTa");
        }
    }

    /** The class in Transformers, or here, that a model of the file is. */
    private String architecture() throws MalformedFileException {
        for (TaskHead head : TaskHead.values()) if (has(file, head)) return head.architecture();
        boolean matching = file.has("itm_score.fc.weight");
        if (matching && isRetrieval(file)) return "BridgeTowerForImageAndTextRetrieval";
        if (file.has("itc_text_head.fc.weight")) return "BridgeTowerForContrastiveLearning";
        if (matching) return "BridgeTowerForImageAndTextRetrieval";
        return file.has("mlm_score.transform.dense.weight") ? "BridgeTowerForMaskedLM" : "BridgeTowerModel";
    }

    private static boolean isRetrieval(OriginalFile file) throws MalformedFileException {
        return file.has("rank_output.weight")
                || file.hyperParameters().number("loss_names.irtr").orElse(0) > 0;
    }

    private static boolean has(OriginalFile file, TaskHead head) {
        return file.has(head.firstWeight());
    }
}
