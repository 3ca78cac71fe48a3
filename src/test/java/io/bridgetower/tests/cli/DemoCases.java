package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the reference computes with the demo model on the images in {@code examples}. */
public final class DemoCases {
    private DemoCases() {}

    /** The cases of one kind: {@code match}, {@code fill} or {@code search}. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> of(String kind) throws IOException {
        byte[] text = DemoCases.class.getResourceAsStream("/demo/cases.json").readAllBytes();
        List<Map<String, Object>> cases = (List<Map<String, Object>>)
                Json.object(new String(text, StandardCharsets.UTF_8)).get(kind);
        assertFalse(cases.isEmpty(), kind);
        return cases;
    }

    /** The file of a case's image. */
    public static Path image(Map<String, Object> demoCase) {
        Path name = Path.of((String) demoCase.get("image")).getFileName();
        return Run.ROOT.resolve("examples").resolve(name);
    }
}
