package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower explain} on the demo model, whose images have 6 × 6 patches. */
class ExplainTest {
    private static final String TEXT = "a black square and a yellow cross";
    private static final int LAYERS = 3, HEADS = 4, PATCHES = 36;
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private Path directory;

    @Test
    void holdsTheImageTheWordsAndTheMatch() throws IOException {
        Map<String, Object> data = explain(TEXT, "--layer", 1, "--head", 2);
        assertEquals(TEXT, data.get("text"));
        assertEquals(List.of(TEXT.split(" ")), data.get("words"));
        assertEquals(
                List.of(1L, 2L, 6L, 6L),
                List.of(data.get("layer"), data.get("head"), data.get("rows"), data.get("columns")));
        assertEquals(0.9876, (double) data.get("match"), 1e-4);
        String image = (String) data.get("image"), prefix = "data:image/png;base64,";
        assertTrue(image.startsWith(prefix));
        RgbImage seen = ImageCodec.decode(Base64.getDecoder().decode(image.substring(prefix.length())), "image");
        assertEquals("RgbImage[96 x 96]", seen.toString());
    }

    /** Few rows are read by another way of attention. */
    @Test
    void aTextMayBeOneWord() throws IOException {
        assertEquals(List.of("circle"), explain("circle").get("words"));
    }

    @Test
    void weightsAreTheCrossAttentionsOfForward() throws IOException {
        Path inputs = directory.resolve("inputs.safetensors"), out = directory.resolve("out.safetensors");
        BridgeTowerProcessor.Inputs model =
                BridgeTowerProcessor.load(Run.DEMO).process(List.of(ImageCodec.read(Run.example(1))), List.of(TEXT));
        int[] ids = model.texts().inputIds()[0];
        new SafetensorsWriter()
                .add("input_ids", Arrays.stream(ids).asLongStream().toArray(), 1, ids.length)
                .add("pixel_values", model.images().pixelValues())
                .write(inputs);
        Object[] args = {
            "forward", "--model", Run.DEMO, "--input", inputs, "--output", out, "--outputs", "cross_attentions"
        };
        Run.of(args).succeeds();
        byte[] bytes = Base64.getDecoder().decode((String) explain(TEXT).get("weights"));
        ByteBuffer shares = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int words = TEXT.split(" ").length;
        assertEquals(LAYERS * HEADS * words * PATCHES * Short.BYTES, bytes.length);
        try (SafetensorsFile file = SafetensorsFile.open(out)) {
            for (int layer = 0; layer < LAYERS; layer++) {
                Tensor expected =
                        new TensorReader(file).readFloats("cross_attentions." + layer + ".text", Arena.ofAuto());
                for (int head = 0; head < HEADS; head++) {
                    for (int word = 0; word < words; word++) {
                        for (int patch = 0; patch < PATCHES; patch++) {
                            // Every word of this text is one token; the first stands for the whole.
                            float share = expected.get(0, head, 1 + word, 1 + patch);
                            assertEquals(share, (shares.getShort() & 0xFFFF) / 65535.0, 1e-5);
                        }
                    }
                }
            }
        }
    }

    @Test
    void tokensBecomeWords() throws IOException {
        assertEquals(
                List.of("squarish", "日本,", "\"x\"!"),
                explain("  squarish \n日本, \"x\"!").get("words"));
    }

    @Test
    void nothingInATextIsHtmlAndNothingIsLoaded() throws IOException {
        String text = "</script><script>alert(1)</script> <img/src=x> &lt; \"q\"";
        Map<String, Object> data = explain(text);
        assertEquals(text, data.get("text"));
        String page = Files.readString(directory.resolve("page.html"));
        assertFalse(page.contains("alert(1)</script>"));
        assertEquals(2, page.split("</script>", -1).length - 1);
        assertFalse(Pattern.compile("<img/|\\s(src|href)=|@import|url\\(")
                .matcher(page)
                .find());
        assertEquals(1, page.split("https?:", -1).length - 1, "but for the source of the colours");
    }

    @Test
    void showsNoMatchWithoutAHeadForIt() throws IOException {
        ModelCopy headless = ModelCopy.in(directory).replacingInHeader("\"itm_score.", "\"other_score.");
        assertNull(explain(TEXT, "--model", headless.directory()).get("match"));
    }

    @Test
    void refusesWhatItCannotExplain() {
        Path page = directory.resolve("page.html");
        Run.of(args("", page)).fails("no words");
        Run.of(args(TEXT, directory)).fails("directory");
        Run.of(args(TEXT, page, "--layer", 3)).fails("--layer", "0 to 2");
        Run.of(args(TEXT, page, "--head", -1)).fails("--head", "0 to 3");
        Run.of("explain", "--image", Run.example(1), "--output", page).isMisuse("--text");
        assertFalse(Files.exists(page));
    }

    private static Object[] args(String text, Path page, Object... more) {
        Object[] args = {"explain", "--image", Run.example(1), "--text", text, "--output", page};
        Object[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return all;
    }

    private Map<String, Object> explain(String text, Object... more) throws IOException {
        Path page = directory.resolve("page.html");
        assertEquals("", Run.of(args(text, page, more)).succeeds());
        Matcher data = DATA.matcher(Files.readString(page));
        assertTrue(data.find());
        return Json.object(data.group(1));
    }
}
