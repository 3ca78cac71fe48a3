package io.bridgetower.cli.pair;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.cli.terminal.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A web page that shows heat maps, and holds all that it shows. What comes from outside is in it only as JSON in which
 * nothing is HTML.
 *
 * @param match the probability that the text describes the image; null if it is not known
 */
record ExplainPage(String text, DataImage image, List<CaptionWord> words, HeatMaps maps, Double match) {
    private static final String TEMPLATE = "explain.html";
    private static final String DATA = "\"DATA\"";

    /** @param layer shown first; null for the last. @param head shown first; null for the average */
    String html(Integer layer, Integer head) throws IOException {
        String template;
        try (InputStream in = ExplainPage.class.getResourceAsStream(TEMPLATE)) {
            template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        return template.replace(DATA, harmless(json(layer, head)));
    }

    /** The same JSON without the characters that HTML knows, which it has in strings only. */
    private static String harmless(String json) {
        return json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
    }

    private String json(Integer layer, Integer head) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = Json.generator(bytes)) {
            out.writeStartObject();
            out.writeStringField("text", text);
            out.writeArrayFieldStart("words");
            for (CaptionWord word : words) out.writeString(word.text());
            out.writeEndArray();
            out.writeStringField("image", image.uri());
            out.writeNumberField("columns", columns());
            out.writeNumberField("rows", maps.patches() / columns());
            out.writeNumberField("layers", maps.layers());
            out.writeNumberField("heads", maps.heads());
            out.writeNumberField("layer", layer == null ? maps.layers() - 1 : layer);
            out.writeNumberField("head", head == null ? -1 : head);
            if (match == null) out.writeNullField("match");
            else out.writeNumberField("match", match);
            out.writeStringField("weights", maps.base64());
            out.writeEndObject();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Patches are square. */
    private int columns() {
        return (int) Math.round(Math.sqrt((double) maps.patches() * image.width() / image.height()));
    }
}
