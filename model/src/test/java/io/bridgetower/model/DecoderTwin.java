package io.bridgetower.model;

import io.bridgetower.model.checkpoint.Weights;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.PositionEmbeddingType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder written from the specification in 64 bits, for one text: plain loops, and the mask added to the scores as the
 * most negative number.
 */
final class DecoderTwin {
    private final BridgeTowerTextConfig config;
    private final Weights weights;
    private final int hidden;
    private final int heads;
    private final int width;

    /** For each layer the keys and the values of the tokens so far. */
    private final List<List<double[]>> keys = new ArrayList<>(), values = new ArrayList<>();

    /** Null without cross-attention. */
    private final double[][] encoder;

    private final int[] encoderMask;
    private int past;

    DecoderTwin(BridgeTowerTextConfig config, Weights weights, double[][] encoder, int[] encoderMask) {
        this.config = config;
        this.weights = weights;
        this.encoder = encoder;
        this.encoderMask = encoderMask;
        hidden = config.hiddenSize();
        heads = config.numAttentionHeads();
        width = hidden / heads;
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            keys.add(new ArrayList<>());
            values.add(new ArrayList<>());
        }
    }

    /**
     * The last layer's rows of some more tokens.
     *
     * @param mask of all tokens so far and of these
     */
    double[][] step(int[] ids, int[] mask) throws IOException {
        double[][] x = embeddings(ids);
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            Weights layer = weights.sub("encoder.layer").sub(i), self = layer.sub("attention");
            for (double[] row : x) {
                keys.get(i).add(linear(self.sub("self").sub("key"), row, hidden));
                values.get(i).add(linear(self.sub("self").sub("value"), row, hidden));
            }
            x = attention(self, x, keys.get(i), values.get(i), mask, true);
            if (encoder != null) x = crossAttention(layer.sub("crossattention"), x);
            for (int t = 0; t < x.length; t++) {
                double[] inner = linear(layer.sub("intermediate.dense"), x[t], config.intermediateSize());
                for (int j = 0; j < inner.length; j++) inner[j] = gelu(inner[j]);
                x[t] = norm(layer.sub("output.LayerNorm"), sum(x[t], linear(layer.sub("output.dense"), inner, hidden)));
            }
        }
        past += ids.length;
        return x;
    }

    private double[][] embeddings(int[] ids) throws IOException {
        Weights embeddings = weights.sub("embeddings");
        float[] words = embeddings
                .get("word_embeddings.weight", config.vocabSize(), hidden)
                .toArray();
        float[] types = embeddings
                .get("token_type_embeddings.weight", config.typeVocabSize(), hidden)
                .toArray();
        float[] positions = embeddings
                .get("position_embeddings.weight", config.maxPositionEmbeddings(), hidden)
                .toArray();
        boolean absolute = config.positionEmbeddingType() == PositionEmbeddingType.ABSOLUTE;
        double[][] x = new double[ids.length][hidden];
        int position = config.padTokenId() + past;
        for (int t = 0; t < ids.length; t++) {
            boolean pad = ids[t] == config.padTokenId();
            if (!pad) position++;
            int row = pad ? config.padTokenId() : position;
            for (int i = 0; i < hidden; i++) {
                x[t][i] = words[ids[t] * hidden + i] + types[i] + (absolute ? positions[row * hidden + i] : 0);
            }
            x[t] = norm(embeddings.sub("LayerNorm"), x[t]);
        }
        return x;
    }

    private double[][] crossAttention(Weights block, double[][] x) throws IOException {
        List<double[]> k = new ArrayList<>(), v = new ArrayList<>();
        for (double[] row : encoder) {
            k.add(linear(block.sub("self").sub("key"), row, hidden));
            v.add(linear(block.sub("self").sub("value"), row, hidden));
        }
        return attention(block, x, k, v, encoderMask, false);
    }

    private double[][] attention(
            Weights block, double[][] x, List<double[]> k, List<double[]> v, int[] mask, boolean self)
            throws IOException {
        boolean relative = self && config.positionEmbeddingType() != PositionEmbeddingType.ABSOLUTE;
        boolean withKeys = config.positionEmbeddingType() == PositionEmbeddingType.RELATIVE_KEY_QUERY;
        int most = config.maxPositionEmbeddings();
        float[] distances = relative
                ? block.sub("self")
                        .get("distance_embedding.weight", 2 * most - 1, width)
                        .toArray()
                : null;
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] q = linear(block.sub("self").sub("query"), x[t], hidden), mixed = new double[hidden];
            for (int head = 0; head < heads; head++) {
                double[] scores = new double[k.size()];
                for (int r = 0; r < scores.length; r++) {
                    for (int i = head * width; i < (head + 1) * width; i++) {
                        scores[r] += q[i] * k.get(r)[i];
                        if (!relative) continue;
                        double e = distances[(past + t - r + most - 1) * width + i - head * width];
                        scores[r] += (q[i] + (withKeys ? k.get(r)[i] : 0)) * e;
                    }
                    boolean visible = mask[r] == 1 && (!self || r <= past + t);
                    scores[r] = scores[r] / Math.sqrt(width) + (visible ? 0 : -Double.MAX_VALUE);
                }
                softmax(scores);
                for (int r = 0; r < scores.length; r++) {
                    for (int i = head * width; i < (head + 1) * width; i++) mixed[i] += scores[r] * v.get(r)[i];
                }
            }
            Weights output = block.sub("output");
            y[t] = norm(output.sub("LayerNorm"), sum(x[t], linear(output.sub("dense"), mixed, hidden)));
        }
        return y;
    }

    private static void softmax(double[] scores) {
        double greatest = -Double.MAX_VALUE, sum = 0;
        for (double score : scores) greatest = Math.max(greatest, score);
        for (int i = 0; i < scores.length; i++) sum += scores[i] = Math.exp(scores[i] - greatest);
        for (int i = 0; i < scores.length; i++) scores[i] /= sum;
    }

    private static double[] linear(Weights layer, double[] x, int out) throws IOException {
        float[] weight = layer.get("weight", out, x.length).toArray(),
                bias = layer.get("bias", out).toArray();
        double[] y = new double[out];
        for (int o = 0; o < out; o++) {
            y[o] = bias[o];
            for (int i = 0; i < x.length; i++) y[o] += (double) weight[o * x.length + i] * x[i];
        }
        return y;
    }

    private double[] norm(Weights layer, double[] x) throws IOException {
        float[] weight = layer.get("weight", hidden).toArray(),
                bias = layer.get("bias", hidden).toArray();
        double mean = 0, variance = 0;
        for (double value : x) mean += value / hidden;
        for (double value : x) variance += (value - mean) * (value - mean) / hidden;
        double[] y = new double[hidden];
        for (int i = 0; i < hidden; i++) {
            y[i] = (x[i] - mean) / Math.sqrt(variance + config.layerNormEps()) * weight[i] + bias[i];
        }
        return y;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) sum[i] += b[i];
        return sum;
    }

    /** By the tanh form, which needs no error function. */
    private static double gelu(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }
}
