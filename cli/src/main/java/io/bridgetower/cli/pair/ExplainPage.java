package io.bridgetower.cli.pair;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.Explanation;
import io.bridgetower.cli.terminal.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A web page that shows heat maps, and holds all that it shows. What comes from outside is in it only as JSON in which
 * nothing is HTML.
 *
 * @param match the probability that the text describes the image; null if it is not known
 */
record ExplainPage(String text, Explanation explanation, Double match) {
    private static final int STEPS = 0xFFFF;
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
            for (String word : explanation.words()) out.writeString(word);
            out.writeEndArray();
            out.writeStringField(
                    "image",
                    "data:image/png;base64," + base64(explanation.image().toPng()));
            out.writeNumberField("columns", explanation.columns());
            out.writeNumberField("rows", explanation.rows());
            out.writeNumberField("layers", explanation.layers());
            out.writeNumberField("heads", explanation.heads());
            out.writeNumberField("layer", layer == null ? explanation.layers() - 1 : layer);
            out.writeNumberField("head", head == null ? -1 : head);
            if (match == null) out.writeNullField("match");
            else out.writeNumberField("match", match);
            out.writeStringField("weights", base64(weights()));
            out.writeEndObject();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** All weights in 16 bits each, least significant byte first. */
    private byte[] weights() {
        float[] weights = explanation.weights();
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES * weights.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float weight : weights) bytes.putShort((short) Math.round(Math.min(1, weight) * STEPS));
        return bytes.array();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
