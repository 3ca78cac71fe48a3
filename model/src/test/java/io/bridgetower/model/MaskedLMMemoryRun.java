package io.bridgetower.model;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Predicts all tokens of a batch in several ways in a process with a small heap. Prints the sum of some logits each time. */
final class MaskedLMMemoryRun {
    static final int TEXTS = 16, TOKENS = 64, VOCABULARY = 50265;

    /** How the logits are taken, and how many times. */
    enum Use {
        /** As a tensor that is closed. */
        CLOSED(3),
        /** As a tensor that is left to the garbage collector. */
        DROPPED(3),
        /** One token after the other. */
        STREAMED(1);

        private final int times;

        Use(int times) {
            this.times = times;
        }
    }

    private MaskedLMMemoryRun() {}

    /** @param args the model's directory */
    public static void main(String[] args) throws IOException {
        int[][] ids = new int[TEXTS][TOKENS];
        for (int i = 0; i < TEXTS; i++) {
            int text = i;
            Arrays.setAll(ids[i], token -> (text * 1000 + token * 31) % VOCABULARY);
        }
        TextInputs texts = TextInputs.of(ids);
        try (var model = BridgeTowerForMaskedLM.load(Path.of(args[0]), new ModelOptions(2));
                Tensor pixels = Tensor.allocate(TEXTS, 3, 32, 32)) {
            ImageInputs images = ImageInputs.of(pixels);
            for (Use use : Use.values()) {
                for (int i = 0; i < use.times; i++) System.out.println(use + " " + sum(model, texts, images, use));
            }
        }
    }

    private static double sum(BridgeTowerForMaskedLM model, TextInputs texts, ImageInputs images, Use use) {
        double[] sum = {0};
        if (use == Use.STREAMED) {
            model.logits(texts, images, (text, token, logits) -> sum[0] += logits[VOCABULARY - 1 - token]);
            return sum[0];
        }
        Tensor logits = model.logits(texts, images);
        for (int i = 0; i < TEXTS; i++) {
            for (int token = 0; token < TOKENS; token++) sum[0] += logits.get(i, token, VOCABULARY - 1 - token);
        }
        if (use == Use.CLOSED) logits.close();
        return sum[0];
    }
}
