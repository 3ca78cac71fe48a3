package io.bridgetower.cli.pair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageOptions;
import io.bridgetower.processor.image.PixelReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScorerTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));

    @Test
    void everyImageAndEveryTextIsEncodedOnceAndNothingIsKept() throws Exception {
        Path demo = ROOT.resolve("models/demo");
        List<NamedImage> images = new ArrayList<>();
        for (int i = 0; i < 20; i++)
            images.add(new NamedImage.File(ROOT.resolve("examples/%02d.png".formatted(1 + i % 12))));
        List<String> texts = List.of("a large blue square", "two stars", "a red circle");
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(demo);
        try (var model = BridgeTowerForImageAndTextRetrieval.load(demo)) {
            int[][] ids = processor.tokenizer().encodeBatch(texts).inputIds();
            var vision = model.trunk().config().visionConfig();
            PixelReader reader = PixelReader.of(
                    processor.imageProcessor(),
                    ImageOptions.DEFAULT,
                    vision.numChannels(),
                    vision.imageSize(),
                    vision.patchSize());
            var scores = new Scorer(model, reader).score(images, texts, ids);
            assertEquals(60, scores.size());
            var usage = model.trunk().usage();
            assertEquals(List.of(3L, 20L, 60L), List.of(usage.texts(), usage.images(), usage.pairs()));
            assertEquals(0, usage.encodingBytes());
        }
    }
}
