package io.bridgetower.processor.text.files;

import io.bridgetower.files.Sha256;
import io.bridgetower.processor.text.bpe.AddedToken;
import io.bridgetower.processor.text.bpe.Merges;
import io.bridgetower.processor.text.bpe.SpecialRole;
import io.bridgetower.processor.text.bpe.TokenizerDefinition;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;

/**
 * A hash of all that a {@link TokenizerDefinition} says. What is hashed is part of stored journals: a new field is added
 * only where it differs from the default that stands for its absence, and nothing else changes within a version.
 */
public final class TokenizerIdentity {
    private static final String VERSION = "tokenizer-1";

    private final MessageDigest hash = Sha256.digest();
    private final DataOutputStream out;

    private TokenizerIdentity() {
        out = new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), hash));
    }

    /** The version and the hash, in hexadecimal. */
    public static String of(TokenizerDefinition definition) {
        TokenizerIdentity identity = new TokenizerIdentity();
        try {
            identity.addVocabulary(definition.vocabulary());
            identity.addMerges(definition.merges());
            identity.addSettings(definition);
        } catch (IOException e) {
            throw new UncheckedIOException("a hash accepts everything", e);
        }
        return VERSION + " sha256=" + Sha256.hex(identity.hash);
    }

    private void addVocabulary(Vocabulary vocabulary) throws IOException {
        out.writeInt(vocabulary.size());
        for (int id = 0; id < vocabulary.end(); id++) {
            String token = vocabulary.tokenOf(id);
            if (token == null) continue;
            out.writeInt(id);
            addText(token);
        }
        List<AddedToken> added = vocabulary.addedTokens();
        out.writeInt(added.size());
        for (AddedToken token : added) {
            addText(token.content());
            out.writeBoolean(token.singleWord());
            out.writeBoolean(token.stripLeft());
            out.writeBoolean(token.stripRight());
            out.writeBoolean(token.normalized());
            out.writeBoolean(token.special());
        }
    }

    private void addMerges(Merges merges) throws IOException {
        out.writeInt(merges.size());
        for (int i = 0; i < merges.size(); i++) {
            out.writeInt(merges.left(i));
            out.writeInt(merges.right(i));
        }
    }

    private void addSettings(TokenizerDefinition definition) throws IOException {
        for (SpecialRole role : SpecialRole.values()) {
            add(role.field(), definition.special().of(role));
        }
        add("classifier", definition.classifier());
        add("separator", definition.separator());
        if (definition.unknownByteId() >= 0) add("unknown_byte", definition.unknownByteId());
        if (definition.wholeWordsFirst()) add("whole_words_first", true);
        if (definition.addPrefixSpace()) add("add_prefix_space", true);
        if (!definition.trimOffsets()) add("trim_offsets", false);
        if (!definition.framed()) add("framed", false);
        if (definition.cleanUpSpaces()) add("clean_up_spaces", true);
        if (definition.modelMaxLength() != Integer.MAX_VALUE) add("model_max_length", definition.modelMaxLength());
        if (definition.padsLeft()) add("pads_left", true);
        if (definition.truncatesLeft()) add("truncates_left", true);
    }

    private void add(String name, Object value) throws IOException {
        addText(name + "=" + value);
    }

    /** Every character, also a surrogate without its partner. */
    private void addText(String text) throws IOException {
        out.writeInt(text.length());
        out.writeChars(text);
    }
}
