package io.bridgetower.processor.text.files;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.processor.text.bpe.AddedToken;
import io.bridgetower.processor.text.bpe.TokenizerDefinition;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.io.IOException;

/** Writes {@code tokenizer.json}, in the form that every version of the Rust tokenizers reads. */
final class TokenizerJsonWriter {
    private final TokenizerDefinition definition;
    private final Vocabulary vocabulary;
    private final JsonGenerator json;

    TokenizerJsonWriter(TokenizerDefinition definition, JsonGenerator json) {
        this.definition = definition;
        this.vocabulary = definition.vocabulary();
        this.json = json;
    }

    void write() throws IOException {
        json.writeStartObject();
        json.writeStringField("version", "1.0");
        json.writeNullField("truncation");
        json.writeNullField("padding");
        json.writeArrayFieldStart("added_tokens");
        for (AddedToken token : vocabulary.addedTokens()) {
            json.writeStartObject();
            json.writeNumberField("id", vocabulary.idOf(token.content()));
            writeFields(json, token);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNullField("normalizer");
        writeByteLevel("pre_tokenizer", definition.addPrefixSpace(), true);
        writePostProcessor();
        writeByteLevel("decoder", true, true);
        writeModel();
        json.writeEndObject();
    }

    /** Writes the fields that describe {@code token} wherever it is described. */
    static void writeFields(JsonGenerator json, AddedToken token) throws IOException {
        json.writeStringField("content", token.content());
        json.writeBooleanField("single_word", token.singleWord());
        json.writeBooleanField("lstrip", token.stripLeft());
        json.writeBooleanField("rstrip", token.stripRight());
        json.writeBooleanField("normalized", token.normalized());
        json.writeBooleanField("special", token.special());
    }

    private void writeByteLevel(String field, boolean addPrefixSpace, boolean trimOffsets) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("type", "ByteLevel");
        json.writeBooleanField("add_prefix_space", addPrefixSpace);
        json.writeBooleanField("trim_offsets", trimOffsets);
        json.writeEndObject();
    }

    private void writePostProcessor() throws IOException {
        if (!definition.framed()) {
            writeByteLevel("post_processor", definition.addPrefixSpace(), definition.trimOffsets());
            return;
        }
        json.writeObjectFieldStart("post_processor");
        json.writeStringField("type", "RobertaProcessing");
        writeFrameToken("sep", definition.separator());
        writeFrameToken("cls", definition.classifier());
        json.writeBooleanField("trim_offsets", definition.trimOffsets());
        json.writeBooleanField("add_prefix_space", definition.addPrefixSpace());
        json.writeEndObject();
    }

    private void writeFrameToken(String field, int id) throws IOException {
        json.writeArrayFieldStart(field);
        json.writeString(vocabulary.tokenOf(id));
        json.writeNumber(id);
        json.writeEndArray();
    }

    private void writeModel() throws IOException {
        json.writeObjectFieldStart("model");
        json.writeStringField("type", "BPE");
        json.writeNullField("dropout");
        int unknown = definition.unknownByteId();
        json.writeStringField("unk_token", unknown < 0 ? null : vocabulary.tokenOf(unknown));
        json.writeStringField("continuing_subword_prefix", "");
        json.writeStringField("end_of_word_suffix", "");
        json.writeBooleanField("fuse_unk", false);
        // Older readers do not know the field.
        if (definition.wholeWordsFirst()) json.writeBooleanField("ignore_merges", true);
        json.writeFieldName("vocab");
        VocabularyJson.write(vocabulary, json);
        json.writeArrayFieldStart("merges");
        for (int i = 0; i < definition.merges().size(); i++) {
            json.writeString(MergesFile.line(definition, i));
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
