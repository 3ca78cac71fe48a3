package io.bridgetower.cli.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.Choice;
import io.bridgetower.cli.terminal.Json;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.cli.terminal.Table;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;

/** Choices for people and for machines. */
final class ChoiceOutput {
    private ChoiceOutput() {}

    /** @param title of the labels */
    static void writeTable(String title, List<Choice> choices, Streams streams) throws IOException {
        Table table = new Table("probability", title);
        for (Choice choice : choices) {
            table.add(String.format(Locale.ROOT, "%.4f", choice.probability()), choice.label());
        }
        Writer out = streams.writer();
        table.write(out);
        out.flush();
    }

    /**
     * Writes an object: the images, the text and the choices, of which the first is repeated as the result.
     *
     * @param textName {@code question} or {@code text}
     * @param resultName {@code answer} or {@code label}
     */
    static void writeJson(
            List<String> images, String textName, String text, String resultName, List<Choice> choices, Streams streams)
            throws IOException {
        try (JsonGenerator out = Json.generator(streams.out())) {
            out.writeStartObject();
            if (images.size() == 1) {
                out.writeStringField("image", images.getFirst());
            } else {
                out.writeArrayFieldStart("images");
                for (String image : images) out.writeString(image);
                out.writeEndArray();
            }
            out.writeStringField(textName, text);
            out.writeStringField(resultName, choices.getFirst().label());
            out.writeArrayFieldStart(resultName + "s");
            for (Choice choice : choices) {
                out.writeStartObject();
                out.writeStringField(resultName, choice.label());
                out.writeNumberField("probability", choice.probability());
                out.writeNumberField("logit", choice.logit());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeRaw('\n');
        }
    }
}
