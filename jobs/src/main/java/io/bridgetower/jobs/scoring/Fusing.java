package io.bridgetower.jobs.scoring;

import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import java.util.List;
import java.util.function.Supplier;

/** The heads that read fused pairs: both sides are encoded for the cross-modal layers. */
abstract class Fusing extends Head<TextEncoding, ImageEncoding> {
    /** As {@link Head}. */
    Fusing(BridgeTowerModel trunk, Supplier<String> fingerprint, Runnable close) {
        super(trunk, fingerprint, close);
    }

    @Override
    List<TextEncoding> encodeTexts(int[][] ids) {
        return List.of(trunk().encodeTexts(TextInputs.of(ids)));
    }

    @Override
    List<ImageEncoding> encodeImages(Tensor pixels) {
        return List.of(trunk().encodeImages(Pixels.inputs(pixels)));
    }

    @Override
    long byteSizeOfText(TextEncoding text) {
        return text.byteSize();
    }

    @Override
    long byteSizeOfImage(ImageEncoding image) {
        return image.byteSize();
    }

    @Override
    long mostBytesOfImage(int patches) {
        BridgeTowerConfig config = trunk().config();
        long numbers = (config.numHiddenLayers() + 1L) * (patches + 1) * config.hiddenSize()
                + config.visionConfig().hiddenSize();
        // Blocks of memory are up to an eighth larger than what they hold.
        return numbers * Float.BYTES * 9 / 8;
    }

    @Override
    List<Outcome> pairs(List<TextEncoding> texts, List<ImageEncoding> images, Pairing pairing, int[][] ids) {
        return pairs(texts.toArray(TextEncoding[]::new), images.toArray(ImageEncoding[]::new), pairing, ids);
    }

    abstract List<Outcome> pairs(TextEncoding[] texts, ImageEncoding[] images, Pairing pairing, int[][] ids);
}
