package io.bridgetower.cli.pair;

import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.options.TruncationOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.text.Tokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/** Turns image files and texts into unit vectors. Of the processor, it reads only what it needs. */
final class Embedder {
    /** Images held in memory at a time: enough to keep all threads busy. */
    private static final int AT_ONCE = 16;

    private final Path directory;
    private final BridgeTowerConfig config;
    private final PixelOptions pixels;
    private final Arena arena;

    /** @param arena owner of the vectors */
    Embedder(Path directory, Checkpoint checkpoint, PixelOptions pixels, Arena arena) throws IOException {
        this.directory = directory;
        this.config = checkpoint.config();
        this.pixels = pixels;
        this.arena = arena;
    }

    /** The tokens of texts; as {@link TruncationOptions#ids}. */
    int[][] ids(List<String> texts, TruncationOptions truncation) throws IOException, Failure {
        return truncation.ids(TextPreparation.of(Tokenizer.load(directory), config.textConfig()), texts);
    }

    /** A row for each text. */
    Tensor texts(BridgeTowerForContrastiveLearning model, int[][] ids) throws Failure {
        Tensor embeds = model.textEmbeds(arena, TextInputs.of(ids));
        FiniteValues.checked(embeds.toArray());
        return embeds;
    }

    /** A row for each image. */
    Tensor images(BridgeTowerForContrastiveLearning model, List<Path> images) throws IOException, Failure {
        PixelReader reader = pixels.reader(ImageProcessor.load(directory), config.visionConfig());
        Tensor embeds = Tensor.allocate(arena, images.size(), config.contrastiveHiddenSize());
        for (int first = 0; first < images.size(); first += AT_ONCE) {
            List<Path> some = images.subList(first, Math.min(first + AT_ONCE, images.size()));
            try (Arena own = Arena.ofShared()) {
                ImageInputs inputs = Pixels.inputs(reader.readAll(own, some));
                Tensor part = model.imageEmbeds(own, inputs);
                embeds.slice(first, some.size()).segment().copyFrom(part.segment());
            }
        }
        FiniteValues.checked(embeds.toArray());
        return embeds;
    }
}
