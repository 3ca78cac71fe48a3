package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.engine.warmup.KernelWarmUp;
import io.bridgetower.model.batch.Confinement;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.inputs.Capture;
import io.bridgetower.model.inputs.EncoderStates;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.model.layers.Pooler;
import io.bridgetower.model.layers.TextLayer;
import io.bridgetower.model.layers.TextTower;
import io.bridgetower.model.outputs.BridgeTowerTextModelOutput;
import io.bridgetower.model.runtime.ModelMemory;
import io.bridgetower.model.runtime.Parameters;
import io.bridgetower.model.runtime.Results;
import io.bridgetower.model.runtime.Trace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.nio.file.Path;

/**
 * The text tower on its own: an encoder, or, where the configuration says so, a causal decoder with a cache of keys and
 * values and with cross-attention. Owns its weights and threads until {@link #close}; safe for use by several threads at
 * once, as {@link BridgeTowerModel}.
 */
public final class BridgeTowerTextModel implements AutoCloseable {
    private final BridgeTowerTextConfig config;
    private final ModelMemory memory;
    private final TextTower tower;
    private final Pooler pooler;

    private BridgeTowerTextModel(Checkpoint checkpoint, ModelOptions options) throws IOException {
        config = checkpoint.textConfig();
        memory = options.newMemory();
        try (var _ = KernelWarmUp.start(memory.precision().format(), config.hiddenAct())) {
            Parameters parameters = memory.parameters(checkpoint.textModel());
            tower = new TextTower(parameters, config);
            pooler = checkpoint.textModel().has("pooler.dense.weight")
                    ? new Pooler(parameters.sub("pooler"), config.hiddenSize())
                    : null;
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /**
     * Loads the text tower of a model directory, whether it is the whole model's or holds nothing else.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerTextModel load(Path directory) throws IOException {
        return load(directory, ModelOptions.defaults());
    }

    /** As {@link #load(Path)}, with options. */
    public static BridgeTowerTextModel load(Path directory, ModelOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory, options.variant())) {
            return load(checkpoint, options);
        }
    }

    /**
     * Loads from an open checkpoint, which may be closed afterwards: the weights are copied.
     *
     * @throws IOException if a tensor is missing or has another shape than the configuration says
     */
    public static BridgeTowerTextModel load(Checkpoint checkpoint, ModelOptions options) throws IOException {
        return new BridgeTowerTextModel(checkpoint, options);
    }

    /** The configuration that the checkpoint holds. */
    public BridgeTowerTextConfig config() {
        return config;
    }

    /** An empty cache for one batch of a decoder. */
    public KeyValueCache newCache() {
        if (!config.isDecoder()) throw new IllegalStateException("is_decoder is false: an encoder has no cache");
        return new KeyValueCache(tower.layers());
    }

    /** Runs the model on texts alone; as {@link #forward(TextInputs, EncoderStates, KeyValueCache, Capture)}. */
    public BridgeTowerTextModelOutput forward(TextInputs texts, Capture capture) {
        return forward(texts, null, null, capture);
    }

    /**
     * Runs the model. A fully masked row, for example padding at the left of a decoder's text, attends evenly to all
     * tokens that the call knows of its text, later ones included; no other row attends to it. With a cache only such rows
     * may differ from those of one call with all tokens.
     *
     * @param texts with a cache, the new tokens, the same number for every text; their attention mask covers the tokens
     *     in the cache too, which come first
     * @param encoder what cross-attention looks at; null for a model without. With a cache it is read in the first call
     * @param cache of the tokens before these, which are added to it; null for none
     * @param capture what to keep in addition to the result
     * @return a result that owns its memory
     * @throws IllegalArgumentException if a shape, id or mask is not valid, there are too many tokens, or the encoder's
     *     output is missing or not wanted
     * @throws WrongThreadException if embeddings or the encoder's output are confined to another thread
     * @throws IllegalStateException if the model or the cache is closed, or the memory of an input is freed
     */
    public BridgeTowerTextModelOutput forward(
            TextInputs texts, EncoderStates encoder, KeyValueCache cache, Capture capture) {
        return TensorArena.owning(arena -> forward(arena, texts, encoder, cache, capture));
    }

    /**
     * As {@link #forward(TextInputs, EncoderStates, KeyValueCache, Capture)}.
     *
     * @param arena owner of the result and of what is kept; may be confined to the calling thread
     */
    public BridgeTowerTextModelOutput forward(
            Arena arena, TextInputs texts, EncoderStates encoder, KeyValueCache cache, Capture capture) {
        if (cache != null) cache.checkTexts(texts.size());
        int past = cache == null ? 0 : cache.length();
        TextBatch batch = TextBatch.of(texts, true, past, config);
        if (cache != null) checkSameLength(texts);
        checkEncoder(encoder, texts.size());
        try (var computation = memory.begin()) {
            Workspace workspace = computation.workspace();
            Results results = new Results(arena, workspace);
            TextBatch readable = batch.readable(workspace);
            return run(workspace, results, texts, readable, Confinement.readable(workspace, encoder), cache, capture);
        }
    }

    /**
     * Frees the weights and ends the threads, after calls that are running have returned; those that wait, and later ones,
     * throw {@link IllegalStateException}. Closing again does nothing.
     */
    @Override
    public void close() {
        memory.close();
    }

    private BridgeTowerTextModelOutput run(
            Workspace workspace,
            Results results,
            TextInputs inputs,
            TextBatch batch,
            EncoderStates encoder,
            KeyValueCache cache,
            Capture capture) {
        int texts = batch.size(), longest = inputs.longest(), hidden = config.hiddenSize(), layers = tower.layers();
        if (cache != null) cache.begin(texts);
        int heads = config.numAttentionHeads(), past = cache == null ? 0 : cache.length();
        Tensor[] states = results.tensors(capture.hiddenStates(), layers + 1, texts, longest, hidden);
        Tensor[] self = results.tensors(capture.attentions(), layers, texts, heads, longest, past + longest);
        Tensor[] cross = encoder == null
                ? null
                : results.tensors(
                        capture.crossAttentions(),
                        layers,
                        texts,
                        heads,
                        longest,
                        encoder.hiddenStates().dim(1));
        Tensor last = results.tensor(texts, longest, hidden);
        Attention.Sequence[] crossSequences = encoder == null ? null : crossSequences(batch, encoder);
        tower.forward(
                workspace,
                batch,
                (layer, x) -> {
                    for (int i = 0; i < texts; i++) {
                        Matrix rows =
                                x.rows(batch.text(i).firstRow(), batch.text(i).rows());
                        if (states != null) Trace.copy(rows, states[layer], i);
                        if (layer == layers) Trace.copy(rows, last, i);
                    }
                },
                (index, layer, x, y) -> {
                    long mark = workspace.mark();
                    Matrix keyValues = layer.keyValues(workspace, x);
                    if (cache != null) keyValues = cache.append(index, keyValues);
                    TextLayer.Context context = new TextLayer.Context(
                            keyValues,
                            new Attention.Pattern(
                                    cache == null ? batch.selfAttention() : selfSequences(batch, cache, index),
                                    Trace.probabilities(self, index, 0, texts)),
                            encoder == null ? null : crossKeyValues(workspace, layer, index, encoder, cache),
                            new Attention.Pattern(crossSequences, Trace.probabilities(cross, index, 0, texts)));
                    layer.forward(workspace, x, context, y);
                    workspace.release(mark);
                });
        if (cache != null) cache.advance(longest);
        return new BridgeTowerTextModelOutput(
                results.finished(last),
                results.finished(pooled(workspace, results, last)),
                results.finished(states),
                results.finished(self),
                results.finished(cross));
    }

    private static Matrix crossKeyValues(
            Workspace workspace, TextLayer layer, int index, EncoderStates encoder, KeyValueCache cache) {
        if (cache != null && cache.cross(index) != null) return cache.cross(index);
        Matrix keyValues = layer.crossKeyValues(workspace, Matrix.of(encoder.hiddenStates()));
        Reference.reachabilityFence(encoder);
        return cache == null ? keyValues : cache.keepCross(index, keyValues);
    }

    private static Attention.Sequence[] selfSequences(TextBatch batch, KeyValueCache cache, int layer) {
        Attention.Sequence[] sequences = new Attention.Sequence[batch.size()];
        for (int i = 0; i < sequences.length; i++) {
            TextBatch.Text text = batch.text(i);
            sequences[i] = new Attention.Sequence(
                    text.firstRow(),
                    text.rows(),
                    i * cache.stride(layer),
                    cache.length() + text.rows(),
                    text.visible());
        }
        return sequences;
    }

    private static Attention.Sequence[] crossSequences(TextBatch batch, EncoderStates encoder) {
        int rows = encoder.hiddenStates().dim(1);
        Attention.Sequence[] sequences = new Attention.Sequence[batch.size()];
        for (int i = 0; i < sequences.length; i++) {
            int[] mask = encoder.attentionMask() == null ? null : encoder.attentionMask()[i];
            TextBatch.Text text = batch.text(i);
            sequences[i] =
                    new Attention.Sequence(text.firstRow(), text.rows(), i * rows, rows, TextBatch.visible(mask, rows));
        }
        return sequences;
    }

    private Tensor pooled(Workspace workspace, Results results, Tensor last) {
        if (pooler == null) return null;
        int texts = last.dim(0), hidden = last.dim(2);
        Tensor pooled = results.tensor(texts, hidden);
        if (texts == 0) return pooled;
        Matrix firsts = workspace.matrix(texts, hidden);
        for (int i = 0; i < texts; i++) Rows.copy(Matrix.of(last.slice(i, 1)), 0, firsts, i);
        pooler.forward(workspace, firsts, Matrix.of(pooled));
        return pooled;
    }

    private static void checkSameLength(TextInputs texts) {
        for (int i = 1; i < texts.size(); i++) {
            if (texts.length(i) != texts.length(0)) {
                throw new IllegalArgumentException("with a cache, texts have the same number of new tokens; text 0 has "
                        + texts.length(0) + ", text " + i + " has " + texts.length(i));
            }
        }
    }

    private void checkEncoder(EncoderStates encoder, int texts) {
        if (config.addCrossAttention() != (encoder != null)) {
            throw new IllegalArgumentException("add_cross_attention is " + config.addCrossAttention() + ": expected "
                    + (encoder == null ? "an encoder's output" : "no encoder's output"));
        }
        if (encoder == null) return;
        Tensor states = encoder.hiddenStates();
        Confinement.check("encoder_hidden_states", states);
        if (states.rank() != 3
                || states.dim(0) != texts
                || states.dim(1) == 0
                || states.dim(2) != config.hiddenSize()) {
            throw new IllegalArgumentException(
                    "encoder_hidden_states: expected [" + texts + ", *, " + config.hiddenSize() + "], found " + states);
        }
        if (encoder.attentionMask() != null) {
            TextBatch.checkMasks("encoder_attention_mask", encoder.attentionMask(), texts, states.dim(1));
        }
    }
}
