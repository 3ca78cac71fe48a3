package io.bridgetower.processor.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a preprocessor_config.json says, it is a configuration that survives a journey, or refused. */
class ImageConfigFuzzTest {
    @TempDir
    private Path folder;

    static Stream<byte[]> seeds() throws IOException {
        return Stream.of(
                        "{}",
                        JsonWriter.indented(ImageProcessorJson.write(new ImageProcessor(ImageProcessorConfig.DEFAULT))),
                        "{\"image_processor\": {\"size\": {\"shortest_edge\": 96}}, \"processor_class\": \"x\"}",
                        "{\"size\": {\"shortest_edge\": 70}, \"crop_size\": {\"height\": 7, \"width\": 8}, \"x\":"
                                + " [{}]}",
                        "{\"image_mean\": 0.5, \"image_std\": [1, 2, 3e-5], \"resample\": 5, \"do_pad\": false}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void config(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve(ImageProcessorFiles.FLAT), bytes);
        ImageProcessor processor;
        try {
            processor = ImageProcessor.load(file);
        } catch (MalformedFileException e) {
            return;
        }
        processor.save(folder);
        ImageProcessorConfig config = processor.config(),
                saved = ImageProcessor.load(folder).config();
        if (!config.toBuilder().cropSize(config.effectiveCropSize()).build().equals(saved))
            throw new AssertionError(config);
    }
}
