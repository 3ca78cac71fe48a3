package io.bridgetower.processor.text.files;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.processor.text.bpe.AddedToken;
import io.bridgetower.processor.text.bpe.SpecialRole;
import io.bridgetower.processor.text.bpe.TokenizerDefinition;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.io.IOException;
import java.math.BigDecimal;

/** Writes {@code tokenizer_config.json} and {@code special_tokens_map.json}. */
final class TokenizerSettingsWriter {
    /** How the reference writes that a length is not known. */
    private static final BigDecimal NO_LENGTH = new BigDecimal(1e30);

    private final TokenizerDefinition definition;
    private final Vocabulary vocabulary;
    private final JsonGenerator json;

    TokenizerSettingsWriter(TokenizerDefinition definition, JsonGenerator json) {
        this.definition = definition;
        this.vocabulary = definition.vocabulary();
        this.json = json;
    }

    void writeConfig() throws IOException {
        json.writeStartObject();
        json.writeBooleanField("add_prefix_space", definition.addPrefixSpace());
        json.writeObjectFieldStart("added_tokens_decoder");
        for (AddedToken token : vocabulary.addedTokens()) {
            json.writeObjectFieldStart(Integer.toString(vocabulary.idOf(token.content())));
            TokenizerJsonWriter.writeFields(json, token);
            json.writeEndObject();
        }
        json.writeEndObject();
        for (SpecialRole role : SpecialRole.values()) json.writeStringField(role.field(), token(role));
        json.writeBooleanField("clean_up_tokenization_spaces", definition.cleanUpSpaces());
        if (definition.modelMaxLength() == Integer.MAX_VALUE) json.writeNumberField("model_max_length", NO_LENGTH);
        else json.writeNumberField("model_max_length", definition.modelMaxLength());
        json.writeStringField("padding_side", definition.padsLeft() ? "left" : "right");
        json.writeStringField("processor_class", "BridgeTowerProcessor");
        json.writeStringField("tokenizer_class", "RobertaTokenizer");
        json.writeBooleanField("trim_offsets", definition.trimOffsets());
        json.writeStringField("truncation_side", definition.truncatesLeft() ? "left" : "right");
        json.writeEndObject();
    }

    void writeSpecialTokens() throws IOException {
        json.writeStartObject();
        for (SpecialRole role : SpecialRole.values()) {
            json.writeObjectFieldStart(role.field());
            TokenizerJsonWriter.writeFields(
                    json, vocabulary.addedToken(definition.special().of(role)));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private String token(SpecialRole role) {
        return vocabulary.tokenOf(definition.special().of(role));
    }
}
