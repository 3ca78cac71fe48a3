package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.files.JsonReader;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The answers that a model for questions chooses from, where its checkpoint does not name them. */
public final class AnswerList {
    /** What config.json can hold with its other fields, each answer twice. */
    private static final int MAX_BYTES = 1 << 16;

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description = "Answers that the model chooses from, in the order of its outputs: a JSON list of texts."
                    + " If not given, the id2label of its configuration.")
    private Path file;

    /** Whether there is a list. */
    public boolean isGiven() {
        return file != null;
    }

    /**
     * The answers.
     *
     * @param count of the model's outputs
     * @throws Failure if there are not as many
     */
    public List<String> read(int count) throws IOException, Failure {
        List<String> answers = read();
        if (answers.size() == count) return answers;
        throw new Failure(
                file + ": holds " + answers.size() + " answers, expected " + count + ", as the model has outputs");
    }

    private List<String> read() throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedFileException(
                    file, null, "has " + Files.size(file) + " bytes, expected at most " + MAX_BYTES);
        }
        Object value;
        try (JsonReader json = new JsonReader(file, Files.newInputStream(file))) {
            value = json.value();
            json.end();
        }
        if (!(value instanceof List<?> items)) throw new MalformedFileException(file, null, "expected a list of texts");
        List<String> answers = new ArrayList<>(items.size());
        for (Object item : items) {
            if (!(item instanceof String answer)) {
                throw new MalformedFileException(file, "[" + answers.size() + "]", "expected a text");
            }
            answers.add(answer);
        }
        return answers;
    }
}
