package io.bridgetower.jobs.scoring;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import java.util.List;

/** The heads that read fused pairs: both sides are encoded for the cross-modal layers. */
abstract class Fusing implements Head<TextEncoding, ImageEncoding> {
    @Override
    public List<TextEncoding> encodeTexts(int[][] ids) {
        return List.of(trunk().encodeTexts(TextInputs.of(ids)));
    }

    @Override
    public List<ImageEncoding> encodeImages(Tensor pixels) {
        return List.of(trunk().encodeImages(Pixels.inputs(pixels)));
    }

    @Override
    public long byteSizeOfText(TextEncoding text) {
        return text.byteSize();
    }

    @Override
    public long byteSizeOfImage(ImageEncoding image) {
        return image.byteSize();
    }

    @Override
    public long mostBytesOfImage(int patches) {
        BridgeTowerConfig config = trunk().config();
        long numbers = (config.numHiddenLayers() + 1L) * (patches + 1) * config.hiddenSize()
                + config.visionConfig().hiddenSize();
        // Blocks of memory are up to an eighth larger than what they hold.
        return numbers * Float.BYTES * 9 / 8;
    }

    @Override
    public List<Outcome> pairs(List<TextEncoding> texts, List<ImageEncoding> images, Pairing pairing, int[][] ids) {
        return pairs(texts.toArray(TextEncoding[]::new), images.toArray(ImageEncoding[]::new), pairing, ids);
    }

    abstract List<Outcome> pairs(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing, int[][] ids);

    /** The outcome, or a failure if a number is not finite. */
    static Outcome checked(Outcome outcome, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) return new Outcome.Failed("the model computes " + value);
        }
        return outcome;
    }
}
