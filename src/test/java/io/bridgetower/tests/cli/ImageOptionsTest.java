package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageCodec;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How commands read images, and at which size these enter the model. */
class ImageOptionsTest {
    private static final String TEXT = "a large blue square";

    @TempDir
    private Path directory;

    private Path plain;
    private Path turned;

    /** An image, and the same with EXIF data that ask for a quarter turn. */
    @BeforeEach
    void write() throws IOException {
        byte[] file = Files.readAllBytes(Run.ROOT.resolve("examples/02.png"));
        plain = Files.write(Files.createDirectory(directory.resolve("plain")).resolve("a.png"), file);
        byte[] exif = ByteBuffer.allocate(26)
                .putInt(0x4d4d002a)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) 6)
                .array();
        int afterHeader = 8 + 12 + 13;
        byte[] chunk = chunk("eXIf", exif);
        ByteBuffer with = ByteBuffer.allocate(file.length + chunk.length);
        with.put(file, 0, afterHeader).put(chunk).put(file, afterHeader, file.length - afterHeader);
        turned = Files.write(Files.createDirectory(directory.resolve("turned")).resolve("a.png"), with.array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"score", "fill", "embed", "explain", "preprocess", "batch", "index", "search"})
    void exifIsAppliedUnlessItIsToBeIgnored(String command) throws IOException {
        String stored = result(command, plain), ignored = result(command, turned, "--exif", "ignore");
        assertEquals(stored, ignored);
        assertEquals(result(command, plain, "--exif", "apply"), stored);
        assertEquals(result(command, turned, "--exif", "APPLY"), result(command, turned));
        assertNotEquals(stored, result(command, turned));
    }

    @ParameterizedTest
    @ValueSource(strings = {"score", "fill", "embed", "explain", "batch", "index", "search"})
    void theImageSizeIsThatOfTheModelUnlessAnotherIsGiven(String command) throws IOException {
        String own = result(command, plain);
        assertEquals(own, result(command, plain, "--image-size", 96));
        assertEquals(own, result(command, plain, "--interpolate-pos-encoding"));
        assertNotEquals(own, result(command, plain, "--image-size", 192));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 144, 192})
    void anotherSizeIsThatOfTheImageProcessorAndInterpolatesPositions(int size) throws IOException {
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(Run.DEMO);
        float[] expected;
        try (var model = BridgeTowerForImageAndTextRetrieval.load(Run.DEMO)) {
            var pixels = processor
                    .imageProcessor()
                    .preprocess(
                            List.of(ImageCodec.read(plain)),
                            processor.imageProcessor().config().toBuilder()
                                    .imageSize(size)
                                    .build());
            int[][] ids = processor.tokenizer().encodeBatch(List.of(TEXT)).inputIds();
            expected = model.logits(
                            TextInputs.of(ids),
                            ImageInputs.of(pixels.pixelValues()).withInterpolatePosEncoding(true))[0];
        }
        List<Map<String, Object>> scores =
                Json.objects(Run.of("score", "--json", "--image", plain, "--text", TEXT, "--image-size", size)
                        .succeeds());
        assertArrayEquals(expected, logits(scores.getFirst()));
        String row = result("batch", plain, "--image-size", size);
        assertArrayEquals(expected, logits(Json.objects("[" + row + "]").getFirst()));
    }

    @Test
    void anIndexIsSearchedAtTheSizeOfItsImages() throws IOException {
        Path index = directory.resolve("index");
        Run.of("index", "--image", plain, "--output", index, "--image-size", 192, "--exif", "ignore")
                .succeeds();
        Object[] search = {"search", "--index", index, "--text", TEXT, "--rerank", 1, "--json"};
        Run.of(search).fails("image_processor", "processed otherwise");
        Run.of(with(search, "--image-size", 192)).fails("image_processor", "processed otherwise");
        Run found = Run.of(with(search, "--image-size", 192, "--exif", "ignore"));
        Object probability = Json.objects(found.succeeds()).getFirst().get("probability");
        List<Map<String, Object>> scores =
                Json.objects(Run.of("score", "--json", "--image", plain, "--text", TEXT, "--image-size", 192)
                        .succeeds());
        assertEquals(scores.getFirst().get("probability"), probability);
    }

    @ParameterizedTest
    @ValueSource(strings = {"score", "fill", "embed", "explain", "batch", "index"})
    void sizesThatPatchesDoNotFillAreRefused(String command) throws IOException {
        Run run = run(command, plain, "--image-size", 100);
        run.fails("image size: expected a multiple of the model's patch size, 16, found 100");
        run(command, plain, "--image-size", 0).isMisuse("--image-size");
        run(command, plain, "--image-size", 10_000).fails("size: expected 1 to 8192, found 10000");
        run(command, plain, "--exif", "maybe").isMisuse("--exif", "maybe");
    }

    @Test
    void interpolationAllowsForAnotherSizeOfTheImageProcessor() throws IOException {
        ModelCopy model = ModelCopy.in(directory).with("preprocessor_config.json", """
            {"size": {"shortest_edge": 128}, "crop_size": {"height": 128, "width": 160}}
            """);
        Object[] score = {"score", "--json", "--model", model.directory(), "--image", plain, "--text", TEXT};
        Run.of(score).fails(plain, "[1, 3, 96, 96]", "[1, 3, 128, 160]");
        String other = Run.of(with(score, "--interpolate-pos-encoding")).succeeds();
        assertNotEquals(
                Run.of("score", "--json", "--image", plain, "--text", TEXT).succeeds(), other);
        Path page = directory.resolve("page.html");
        Object[] explain = {"explain", "--model", model.directory(), "--image", plain, "--text", TEXT, "--output", page
        };
        Run.of(with(explain, "--interpolate-pos-encoding")).succeeds();
        String html = Files.readString(page);
        assertTrue(html.contains("\"columns\":10,\"rows\":8,"), html.substring(0, 200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"score", "fill", "embed", "explain", "preprocess", "batch", "index", "search"})
    void aPanoramaIsNamed(String command) throws IOException {
        Path panorama = directory.resolve("panorama.png");
        ImageIO.write(new BufferedImage(2000, 40, BufferedImage.TYPE_INT_RGB), "png", panorama.toFile());
        Run run = run(command, panorama);
        String told = command.equals("batch") ? Files.readString(directory.resolve("out.jsonl")) : run.err();
        assertTrue(told.contains(panorama + ": height and width must be > 0: 2000 x 40"), told);
        assertEquals(told.indexOf("panorama.png"), told.lastIndexOf("panorama.png"), told);
        assertEquals(command.equals("batch") || command.equals("index") ? 3 : 1, run.code());
    }

    /** What a command computes for an image, as text. */
    private String result(String command, Path image, Object... options) throws IOException {
        Run run = run(command, image, options);
        String out = run.succeeds().replace(image.toString(), "");
        return switch (command) {
            case "explain", "preprocess" -> Files.readString(directory.resolve("output"), StandardCharsets.ISO_8859_1);
            case "batch" -> Files.readString(directory.resolve("out.jsonl"));
            case "index" -> {
                Object[] search = {"search", "--index", directory.resolve("output"), "--text", TEXT, "--json"};
                yield Run.of(with(search, options)).succeeds().replace(image.toString(), "");
            }
            default -> out;
        };
    }

    private Run run(String command, Path image, Object... options) throws IOException {
        Path output = directory.resolve("output");
        return switch (command) {
            case "score" -> Run.of(with(new Object[] {command, "--json", "--image", image, "--text", TEXT}, options));
            case "fill" ->
                Run.of(with(new Object[] {command, "--json", "--image", image, "--text", "a <mask> square"}, options));
            case "embed" -> Run.of(with(new Object[] {command, "--json", "--image", image}, options));
            case "explain" ->
                Run.of(with(
                        new Object[] {command, "--force", "--image", image, "--text", TEXT, "--output", output},
                        options));
            case "preprocess" ->
                Run.of(with(
                        new Object[] {command, "--force", "--model", Run.DEMO, "--image", image, "--output", output},
                        options));
            case "batch" -> {
                String row = "{\"id\": 1, \"image\": \"" + image + "\", \"text\": \"" + TEXT + "\"}\n";
                Path input = Files.writeString(directory.resolve("in.jsonl"), row);
                Path results = directory.resolve("out.jsonl");
                yield Run.of(with(new Object[] {command, "--force", "--input", input, "--output", results}, options));
            }
            case "index" -> {
                delete(output);
                yield Run.of(with(new Object[] {command, "--image", image, "--output", output}, options));
            }
            default -> {
                delete(output);
                Path captions = Files.writeString(directory.resolve("captions"), "a star\n" + TEXT + "\n");
                Run.of(with(new Object[] {"index", "--input", captions, "--output", output}, options))
                        .succeeds();
                yield Run.of(with(new Object[] {command, "--json", "--index", output, "--image", image}, options));
            }
        };
    }

    private static void delete(Path index) throws IOException {
        if (!Files.isDirectory(index)) return;
        List<Path> files = new ArrayList<>();
        try (var walk = Files.walk(index)) {
            walk.forEach(files::addFirst);
        }
        for (Path file : files) Files.delete(file);
    }

    private static float[] logits(Map<String, Object> score) {
        List<?> logits = (List<?>) score.get("logits");
        return new float[] {((Number) logits.get(0)).floatValue(), ((Number) logits.get(1)).floatValue()};
    }

    private static Object[] with(Object[] args, Object... more) {
        Object[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return all;
    }

    private static byte[] chunk(String type, byte[] body) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + body.length).putInt(body.length);
        chunk.put(type.getBytes(StandardCharsets.ISO_8859_1)).put(body);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, 4 + body.length);
        return chunk.putInt((int) crc.getValue()).array();
    }
}
