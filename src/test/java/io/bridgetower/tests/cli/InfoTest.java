package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.Operations;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.tests.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower info}. */
class InfoTest {
    @TempDir
    private Path directory;

    @Test
    void countsEveryParameterOnce() throws IOException {
        Map<String, Object> info = info(Run.DEMO);
        Map<?, ?> parts = (Map<?, ?>) info.get("parameters");
        long sum = parts.values().stream().mapToLong(part -> (long) part).sum();
        assertEquals(sum, info.get("total_parameters"));
        assertEquals(4 * sum, info.get("memory_bytes"));
        // Weights 2 · 256 and two biases.
        assertEquals(2L * 256 + 2, parts.get("matching head"));
        // For each side query, key, value, output twice, feed-forward, and three LayerNorms, in 3 layers.
        long layer = 8 * (128 * 128 + 128) + 128 * 512 + 512 + 512 * 128 + 128 + 3 * 256;
        assertEquals(2 * 3 * layer, parts.get("cross-modal layers"));
        assertEquals(List.of("itm", "mlm", "itc"), info.get("heads"));
        assertEquals("BridgeTower", info.get("architecture"));
        assertEquals(
                sum,
                ((Map<?, ?>) info.get("dtypes"))
                        .values().stream().mapToLong(each -> (long) each).sum());
    }

    @Test
    void countsTheOperationsOfAPair() throws IOException {
        Map<String, Object> info = info(Run.DEMO);
        Map<?, ?> costs = (Map<?, ?>) info.get("operations");
        Operations operations = new Operations(BridgeTowerConfig.load(Run.DEMO));
        assertEquals(operations.matching((long) info.get("text_tokens"), 37), costs.get("pair"));
        assertEquals(
                costs.get("pair"), (long) costs.get("text") + (long) costs.get("image") + (long) costs.get("fusion"));
    }

    @Test
    void knowsTheTowersAlone() throws IOException {
        Map<String, Object> text = info(Golden.directory("text_cross_decoder")),
                vision = info(Golden.directory("vision_shared_ln"));
        assertEquals("BridgeTower text model", text.get("architecture"));
        assertEquals("BridgeTower vision model", vision.get("architecture"));
        assertEquals(1, ((Map<?, ?>) text.get("parameters")).size());
        assertEquals(List.of(), vision.get("heads"));
        assertNull(vision.get("operations"));
    }

    @Test
    void listsEveryTypeOfTheFormat() throws IOException {
        StringBuilder header = new StringBuilder("{");
        SequencedMap<String, Long> expected = new TreeMap<>();
        int end = 0;
        for (DType type : DType.values()) {
            int begin = end;
            end += type.bits();
            // Eight elements take as many bytes as one takes bits.
            header.append(end == type.bits() ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":[8],\"data_offsets\":[%d,%d]}"
                            .formatted(type.name().toLowerCase(Locale.ROOT), type, begin, end));
            expected.put(type.name(), 8L);
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + json.length + end).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                directory.resolve("model.safetensors"),
                file.putLong(json.length).put(json).array());
        Files.copy(Run.DEMO.resolve("config.json"), directory.resolve("config.json"));
        assertEquals(expected, info(directory).get("dtypes"));
        String types = String.join(", ", expected.sequencedKeySet());
        String table = Run.of("info", "--model", directory).succeeds();
        assertTrue(table.contains(types), table);
    }

    @Test
    void printsALineForEachFact() throws IOException {
        List<String> lines = Run.of("info").succeeds().lines().toList();
        assertTrue(lines.get(0).matches("model +.*demo"), lines.get(0));
        assertTrue(lines.stream().anyMatch(line -> line.matches("heads +itm, mlm, itc")));
        assertTrue(lines.stream().anyMatch(line -> line.matches("a pair takes +0\\.\\d\\d billion operations .*")));
        Path headless = ModelCopy.in(directory)
                .replacingInHeader("\"itm_score.", "\"other_score.")
                .directory();
        assertEquals(List.of("mlm", "itc"), info(headless).get("heads"));
        Run.of("info", "--model", directory.resolve("none")).fails("none", "no such");
    }

    private static Map<String, Object> info(Path model) throws IOException {
        return Json.object(Run.of("info", "--json", "--model", model).succeeds());
    }
}
