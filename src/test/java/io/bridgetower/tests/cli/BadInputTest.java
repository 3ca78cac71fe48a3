package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import io.bridgetower.engine.VectorWidth;
import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong, the command says it in one line and has the right exit code. */
class BadInputTest {
    private static final String NORM = "bridgetower.text_model.embeddings.LayerNorm.";

    @TempDir
    private Path directory;

    @Test
    void modelDirectoryIsMissing() {
        Path none = directory.resolve("none");
        score(none).fails(none, "no such directory");
        score(Run.DEMO.resolve("config.json")).fails("config.json", "expected a model directory");
    }

    @Test
    void aFileOfTheModelIsMissing() throws IOException {
        score(ModelCopy.in(directory).without("config.json")).fails("config.json");
        score(ModelCopy.in(directory).without("model.safetensors")).fails("no weights", "model.safetensors");
        score(ModelCopy.in(directory).without("tokenizer.json").without("vocab.json"))
                .fails("tokenizer.json");
    }

    @Test
    void theVectorWidthIsNone() {
        Object[][] commands = {
            {"score", "--model", Run.DEMO, "--image", Run.example(1), "--text", "a square"},
            {"bench", "--model", Run.DEMO},
            {"preprocess", "--image", Run.example(1), "--model", Run.DEMO, "--output", directory.resolve("pixels")}
        };
        for (Object[] command : commands) {
            ForkedJvm java = new ForkedJvm(Main.class).option("-Dbridgetower.vectorBits=77");
            String told = assertThrows(AssertionError.class, () -> java.run(command))
                    .getMessage()
                    .replaceFirst("WARNING: Using incubator modules.*\\R", "");
            assertEquals(
                    "exit status 1: bridgetower: system property bridgetower.vectorBits: expected 128, 256 or 512,"
                            + " found 77",
                    told.strip());
        }
    }

    @Test
    void configurationIsWrong() throws IOException {
        score(ModelCopy.in(directory).with("config.json", "{\"hidden_size\": ")).fails("config.json");
        score(ModelCopy.in(directory).with("config.json", "{\"model_type\": \"bert\"}"))
                .fails("config.json", "bert");
        score(ModelCopy.in(directory).replacing("config.json", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": -3"))
                .fails("config.json", "num_hidden_layers", "-3");
        score(ModelCopy.in(directory).replacing("config.json", "\"image_size\": 96", "\"image_size\": 128"))
                .fails("position_embedding");
    }

    @Test
    void aTensorHasAnotherShape() throws IOException {
        String offsets = "\"data_offsets\":[3310336,3310592]";
        score(ModelCopy.in(directory).replacingInHeader("\"shape\":[128]," + offsets, "\"shape\":[2,64]," + offsets))
                .fails("model.safetensors", NORM + "weight", "expected [128]", "file has [2, 64]");
    }

    @Test
    void aTensorIsMissing() throws IOException {
        score(ModelCopy.in(directory).replacingInHeader(NORM + "weight", NORM + "other"))
                .fails("model.safetensors", NORM + "weight", "missing");
        score(ModelCopy.in(directory).replacingInHeader("\"itm_score.", "\"other_score."))
                .fails("model.safetensors", "itm_score.fc.weight", "missing");
    }

    @Test
    void weightsAreTruncatedOrLie() throws IOException {
        score(ModelCopy.in(directory).changing(ModelCopy::half)).fails("model.safetensors");
        score(ModelCopy.in(directory).changing(_ -> new byte[0])).fails("model.safetensors");
        score(ModelCopy.in(directory).changing(_ -> new byte[5])).fails("model.safetensors");
        for (long length : new long[] {-1, Long.MAX_VALUE, 1L << 40, 0, 10_000_000}) {
            score(ModelCopy.in(directory).changing(file -> {
                        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
                        return file;
                    }))
                    .fails("model.safetensors");
        }
    }

    @Test
    void offsetsOverlapOrRunPastTheEnd() throws IOException {
        String place = "\"data_offsets\":[3310336,3310592]";
        for (String other :
                new String[] {"[3310080,3310336]", "[3310337,3310593]", "[99999744,100000000]", "[-256,0]"}) {
            score(ModelCopy.in(directory).replacingInHeader(place, "\"data_offsets\":" + other))
                    .fails("model.safetensors");
        }
    }

    @Test
    void weightsAreNotThoseOfATrainedModel() throws IOException {
        ModelCopy copy = ModelCopy.in(directory).changing(file -> {
            for (int i = 100_000; i < file.length; i++) file[i] = (byte) 0xFF;
            return file;
        });
        score(copy).fails("NaN");
    }

    @Test
    void imageIsNone() throws IOException {
        Path text = Files.writeString(directory.resolve("text.png"), "not an image");
        Path half = Files.write(directory.resolve("half.png"), ModelCopy.half(Files.readAllBytes(Run.example(3))));
        Run.of("score", "--image", text, "--text", "a").fails(text, "not an image");
        Run.of("score", "--image", Run.example(1), half, "--text", "a").fails(half);
        Run.of("score", "--image", Files.createFile(directory.resolve("empty.png")), "--text", "a")
                .fails("empty.png");
        Run.of("score", "--image", directory, "--text", "a").fails(directory, "found a directory");
        Run.of("score", "--image", directory.resolve("no\nne.png"), "--text", "a")
                .fails("no\\nne.png: no such file");
    }

    @Test
    void processorMakesImagesOfAnotherSize() throws IOException {
        ModelCopy copy = ModelCopy.in(directory);
        score(copy.with("preprocessor_config.json", "{\"size\": 288}")).fails("01.png", "96", "288");
        Run run = score(copy.without("preprocessor_config.json"));
        assertEquals(1, run.code());
        assertTrue(run.err().lines().skip(1).findFirst().orElseThrow().contains("01.png: the model takes"), run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--threads=0",
                "--threads=-1",
                "--threads=two",
                "--threads=1000000",
                "--thread=2",
                "--weights=int8",
                "-x"
            })
    void optionIsWrong(String option) {
        Run.of("score", "--image", Run.example(1), "--text", "a", option).isMisuse(option.split("=")[0]);
        Run.of("score", option, "--image", Run.example(1), "--text", "a").isMisuse(option.split("=")[0]);
    }

    @Test
    void callIsIncomplete() {
        Run.of().isMisuse("command");
        Run.of("scoore").isMisuse("there is no command scoore");
        Run.of("scoore", "--help").isMisuse("there is no command scoore");
        Run.of("scoore", "--version").isMisuse("there is no command scoore");
        Run.of("--help", "scoore").isMisuse("there is no command scoore");
        Run.of("score", "--nonsense", "--help").isMisuse("--nonsense");
        Run.of("--foo").isMisuse("--foo");
        Run.of("score").isMisuse("--image", "--text");
        Run.of("score", "--image", Run.example(1)).isMisuse("--text");
        Run.of("score", "--image").isMisuse("--image");
        Run.of("tokenize").isMisuse("--model");
        Run.of("tokenize", "--model", Run.DEMO, "--model", Run.DEMO).isMisuse("--model");
        Run.of("tokenize", "--model", Run.DEMO, "text").isMisuse("text");
    }

    @Test
    void helpAndVersionAreNoMisuse() {
        for (String command : new String[] {
            "score", "fill", "embed", "batch", "bench", "index", "search", "forward", "tokenize", "preprocess", "init"
        }) {
            String help = Run.of(command, "--help").succeeds();
            assertTrue(help.contains("Examples:") && help.contains("bridgetower " + command + " --"), help);
            assertTrue(help.lines().allMatch(line -> line.length() <= 80), help);
            assertTrue(Run.of("--help").succeeds().contains("  " + command + " "));
        }
        for (Run version : new Run[] {Run.of("--version"), Run.of("score", "-V")}) {
            String pattern = "bridgetower \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n"
                    + "Java %s, .+\n"
                    + "vectors of %d bits\n"
                    + "weights in F32, BF16\n"
                    + "products of bf16 by (AMX-BF16|AVX512-BF16|the Vector API).*\n";
            String java = Pattern.quote(Runtime.version().toString());
            assertTrue(version.succeeds().matches(pattern.formatted(java, VectorWidth.bits())), version.out());
        }
        assertEquals("", Run.of("--help").err());
    }

    private static Run score(ModelCopy model) {
        return score(model.directory());
    }

    private static Run score(Path model) {
        return Run.of("score", "--model", model, "--image", Run.example(1), "--text", "a black square");
    }
}
