package io.bridgetower.inputs;

import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.OriginalCheckpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.CropSize;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import io.bridgetower.processor.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The tokenizer and the image processor of a model: from its directory, or for a file of the authors' code the tokenizer from
 * the directory that the file lies in, and the image processor from what the file says about itself.
 */
public final class ModelProcessors {
    private ModelProcessors() {}

    /**
     * Both.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     */
    public static BridgeTowerProcessor load(Checkpoint checkpoint) throws IOException {
        return new BridgeTowerProcessor(tokenizer(checkpoint), imageProcessor(checkpoint));
    }

    /** The tokenizer; throws as {@link Tokenizer#load}. */
    public static Tokenizer tokenizer(Checkpoint checkpoint) throws IOException {
        return Tokenizer.load(directory(checkpoint.directory()));
    }

    /** The image processor; throws as {@link ImageProcessor#load}. */
    public static ImageProcessor imageProcessor(Checkpoint checkpoint) throws IOException {
        return checkpoint.original().isPresent()
                ? imageProcessor(checkpoint.original().get())
                : ImageProcessor.load(checkpoint.directory());
    }

    /**
     * The image processor that the authors used at evaluation: a fine-tuned model sees the whole image, squeezed into a square;
     * a pre-trained one the centre of it.
     */
    public static ImageProcessor imageProcessor(OriginalCheckpoint original) {
        int side = original.config().visionConfig().imageSize();
        ImageProcessorConfig.Builder config = ImageProcessorConfig.builder().sizeDivisor(1);
        if (original.isFineTuned()) config.exactSize(CropSize.square(side)).doCenterCrop(false);
        else config.size(side).cropSize(CropSize.square(side));
        return new ImageProcessor(config.build());
    }

    /** Where the files lie that belong to a model: the model itself, or the directory of a file. */
    public static Path directory(Path model) {
        if (!Files.isRegularFile(model)) return model;
        Path parent = model.toAbsolutePath().getParent();
        return parent == null ? model : parent;
    }
}
