package io.bridgetower.cli.pair;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * Where words look: for every layer, head and word how much attention each patch of the image gets.
 *
 * @param values [layers, heads, words, patches], shares of a word's attention; what the class token gets is missing
 */
record HeatMaps(int layers, int heads, int words, int patches, float[] values) {
    private static final int STEPS = 0xFFFF;

    /**
     * The attention of a word is the mean of its tokens'.
     *
     * @param attentions of each layer the probabilities, [1, heads, tokens, 1 + patches]
     */
    static HeatMaps of(List<CaptionWord> words, List<Tensor> attentions) throws Failure {
        Tensor first = attentions.getFirst();
        int heads = first.dim(1), tokens = first.dim(2), columns = first.dim(3), patches = columns - 1;
        float[] values = new float[attentions.size() * heads * words.size() * patches];
        int at = 0;
        for (Tensor layer : attentions) {
            float[] probabilities = FiniteValues.checked(layer.toArray());
            for (int head = 0; head < heads; head++) {
                for (CaptionWord word : words) {
                    for (int token = word.firstToken(); token < word.firstToken() + word.tokens(); token++) {
                        int row = (head * tokens + token) * columns + 1;
                        for (int i = 0; i < patches; i++) values[at + i] += probabilities[row + i] / word.tokens();
                    }
                    at += patches;
                }
            }
        }
        return new HeatMaps(attentions.size(), heads, words.size(), patches, values);
    }

    /** All values in 16 bits each, least significant byte first, in Base64. */
    String base64() {
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) bytes.putShort((short) Math.round(Math.min(1, value) * STEPS));
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
