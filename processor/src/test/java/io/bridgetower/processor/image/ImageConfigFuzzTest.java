package io.bridgetower.processor.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
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
                        new String(ImageProcessorJson.write(ImageProcessorConfig.DEFAULT), StandardCharsets.UTF_8),
                        "{\"size\": {\"shortest_edge\": 70}, \"crop_size\": {\"height\": 7, \"width\": 8}, \"x\":"
                                + " [{}]}",
                        "{\"image_mean\": 0.5, \"image_std\": [1, 2, 3e-5], \"resample\": 5, \"do_pad\": false}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void config(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve(ImageProcessorJson.FILE_NAME), bytes);
        ImageProcessorConfig config;
        try {
            config = ImageProcessorJson.read(file);
        } catch (MalformedFileException e) {
            return;
        }
        Files.write(file, ImageProcessorJson.write(config));
        if (!config.equals(ImageProcessorJson.read(file))) throw new AssertionError(config);
    }
}
