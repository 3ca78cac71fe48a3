package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.processor.image.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertTest {
    @TempDir
    private Path directory;

    @Test
    void aConvertedModelIsWholeAndScoresAlike() throws IOException {
        Path wide = directory.resolve("f32"), same = directory.resolve("same");
        Run.of("convert", "--model", Run.DEMO, "--output", wide, "--dtype", "f32")
                .succeeds();
        Run.of("convert", "--model", Run.DEMO, "--output", same).succeeds();
        assertEquals(-1, Files.mismatch(Run.DEMO.resolve("tokenizer.json"), wide.resolve("tokenizer.json")));
        assertEquals(
                ImageProcessor.load(Run.DEMO).config(),
                ImageProcessor.load(wide).config());
        assertEquals(-1, Files.mismatch(Run.DEMO.resolve("config.json"), same.resolve("config.json")));
        assertEquals(score(Run.DEMO), score(same));
        assertEquals(score(Run.DEMO), score(wide), "a wider type loses nothing");
        assertTrue(Files.readString(wide.resolve("config.json")).contains("\"float32\""));
    }

    @Test
    void nothingIsOverwritten() {
        Path output = directory.resolve("out");
        Run.of("convert", "--model", Run.DEMO, "--output", output).succeeds();
        Run.of("convert", "--model", Run.DEMO, "--output", output).fails(output + ": exists already; --force");
        Run.of("convert", "--model", Run.DEMO, "--output", Run.DEMO).fails(Run.DEMO + ": exists already; --force");
        Run.of("convert", "--model", directory.resolve("none"), "--output", directory.resolve("o"))
                .fails("none");
        Run.of("convert", "--model", Run.DEMO, "--output", output, "--dtype", "int8")
                .isMisuse("--dtype", "BF16");
    }

    private static String score(Path model) {
        return Run.of("score", "--model", model, "--image", Run.example(1), "--text", "a red circle", "--json")
                .succeeds();
    }
}
