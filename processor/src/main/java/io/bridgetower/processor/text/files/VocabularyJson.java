package io.bridgetower.processor.text.files;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.files.JsonReader;
import io.bridgetower.processor.text.bpe.AddedToken;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;

/** Reads and writes objects whose names are tokens and whose values are their ids: {@code vocab.json} and the like. */
final class VocabularyJson {
    private static final int MAX_TOKEN = 1 << 10;

    private VocabularyJson() {}

    /** Reads a file that is one such object. */
    static void read(Path file, Vocabulary.Builder vocabulary) throws IOException {
        try (JsonReader in = JsonFields.reader(file)) {
            readTokens(in, vocabulary);
            in.end();
        }
    }

    /** Writes the tokens of the model's own vocabulary, by id. */
    static void write(Vocabulary vocabulary, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (int id = 0; id < vocabulary.end(); id++) {
            String token = vocabulary.tokenOf(id);
            if (token != null && !vocabulary.isExtra(id)) json.writeNumberField(token, id);
        }
        json.writeEndObject();
    }

    /** Writes the tokens that the model's own vocabulary lacks, by id. */
    static void writeExtra(Vocabulary vocabulary, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (AddedToken token : vocabulary.addedTokens()) {
            int id = vocabulary.idOf(token.content());
            if (vocabulary.isExtra(id)) json.writeNumberField(token.content(), id);
        }
        json.writeEndObject();
    }

    /** Reads such an object where it comes next. */
    static void readTokens(JsonReader in, Vocabulary.Builder vocabulary) throws IOException {
        in.beginObject();
        for (String token = in.nextName(); token != null; token = in.nextName()) {
            if (token.length() > MAX_TOKEN) throw in.malformed("a token of more than " + MAX_TOKEN + " characters");
            String refusal = vocabulary.add(token, in.integer());
            if (refusal != null) throw in.malformed(refusal);
        }
    }
}
