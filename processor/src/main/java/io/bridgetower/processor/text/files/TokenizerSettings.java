package io.bridgetower.processor.text.files;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.text.bpe.AddedToken;
import io.bridgetower.processor.text.bpe.SpecialIds;
import io.bridgetower.processor.text.bpe.SpecialRole;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json} say, each of which
 * may be missing.
 */
final class TokenizerSettings {
    /** Where Transformers 5 lists special tokens without a role; Transformers 4 names some there. */
    private static final String EXTRA = "extra_special_tokens";

    /** Where Transformers 4 lists them. */
    private static final String ADDITIONAL = "additional_special_tokens";

    private final JsonFields config;
    private final JsonFields specialTokens;
    private final Path addedTokens;

    private TokenizerSettings(JsonFields config, JsonFields specialTokens, Path addedTokens) {
        this.config = config;
        this.specialTokens = specialTokens;
        this.addedTokens = addedTokens;
    }

    static TokenizerSettings read(Path directory) throws IOException {
        return new TokenizerSettings(
                readIfPresent(directory.resolve("tokenizer_config.json")),
                readIfPresent(directory.resolve("special_tokens_map.json")),
                directory.resolve("added_tokens.json"));
    }

    boolean addPrefixSpace(boolean otherwise) throws MalformedFileException {
        return config.flag("add_prefix_space", otherwise);
    }

    boolean trimOffsets(boolean otherwise) throws MalformedFileException {
        return config.flag("trim_offsets", otherwise);
    }

    boolean cleanUpSpaces() throws MalformedFileException {
        return config.flag("clean_up_tokenization_spaces", false);
    }

    /** Whether a side, which is left or right, is the left one. */
    boolean isLeft(String field, boolean otherwise) throws MalformedFileException {
        String side = config.string(field);
        if (side == null) return otherwise;
        if (!side.equals("left") && !side.equals("right")) {
            throw config.malformed(field, "expected left or right, found " + side);
        }
        return side.equals("left");
    }

    /** How many tokens the model can read; what is missing or beyond an int is {@link Integer#MAX_VALUE}. */
    int modelMaxLength() throws MalformedFileException {
        Object value = config.values().get("model_max_length");
        if (value == null) return Integer.MAX_VALUE;
        double length = switch (value) {
            case Long l -> l;
            case BigInteger i -> i.doubleValue();
            case Double d when d == Math.rint(d) -> d;
            default -> throw config.malformed("model_max_length", "expected an integer, found " + value);
        };
        if (length < 1) throw config.malformed("model_max_length", "expected 1 or more, found " + value);
        return (int) length;
    }

    /** Adds the tokens that the files list, then those of the roles, which must be in the vocabulary. */
    SpecialIds apply(Vocabulary.Builder vocabulary) throws IOException {
        JsonFields listed = config.object("added_tokens_decoder");
        if (listed != null) {
            for (String name : listed.values().keySet()) {
                JsonFields entry = listed.object(name);
                if (entry == null) throw listed.malformed(name, "expected an object");
                add(vocabulary, entry, id(listed, name));
            }
        }
        if (Files.exists(addedTokens)) addLegacy(vocabulary);
        Map<SpecialRole, Integer> ids = new EnumMap<>(SpecialRole.class);
        for (SpecialRole role : SpecialRole.values()) ids.put(role, applyRole(role, vocabulary, listed != null));
        applyExtra(vocabulary, config);
        if (listed == null) applyExtra(vocabulary, specialTokens);
        return new SpecialIds(ids);
    }

    /** Adds the token that {@code entry} describes. */
    static void add(Vocabulary.Builder vocabulary, JsonFields entry, long id) throws MalformedFileException {
        AddedToken token = token(entry, entry.flag("special", false));
        String refusal = vocabulary.add(token, id);
        if (refusal != null) throw entry.malformed("content", '"' + token.content() + "\": " + refusal);
    }

    private static long id(JsonFields fields, String name) throws MalformedFileException {
        try {
            return Long.parseLong(name);
        } catch (NumberFormatException e) {
            throw fields.malformed(name, "expected an id as the name");
        }
    }

    private void addLegacy(Vocabulary.Builder vocabulary) throws IOException {
        JsonFields legacy = JsonFields.read(addedTokens);
        for (String content : legacy.values().keySet()) {
            checkContent(legacy, content, content);
            String refusal = vocabulary.add(
                    new AddedToken(content, false, false, false, true, false), legacy.requiredInteger(content));
            if (refusal != null) throw legacy.malformed(content, refusal);
        }
    }

    private int applyRole(SpecialRole role, Vocabulary.Builder vocabulary, boolean configIsComplete)
            throws MalformedFileException {
        String field = role.field();
        boolean inConfig = !specialTokens.has(field) || configIsComplete && config.has(field);
        JsonFields source = inConfig ? config : specialTokens;
        AddedToken token;
        if (source.values().get(field) instanceof Map<?, ?>) {
            token = token(source.object(field), true);
        } else {
            String content = source.has(field) ? source.string(field) : role.usual();
            checkContent(source, field, content);
            token = role == SpecialRole.MASK ? AddedToken.mask(content) : AddedToken.special(content);
        }
        int id = vocabulary.idOf(token.content());
        if (id < 0) throw source.malformed(field, "the vocabulary lacks \"" + token.content() + '"');
        vocabulary.add(token, id);
        return id;
    }

    /** Adds special tokens without a role. As in the reference, those that are new get the next ids. */
    private static void applyExtra(Vocabulary.Builder vocabulary, JsonFields source) throws MalformedFileException {
        List<JsonFields> described = new ArrayList<>(source.objects(ADDITIONAL, "content"));
        if (source.values().get(EXTRA) instanceof Map<?, ?>) {
            JsonFields named = source.object(EXTRA);
            for (String name : named.values().keySet()) described.add(named.object(name, "content"));
        } else {
            described.addAll(source.objects(EXTRA, "content"));
        }
        for (JsonFields entry : described) {
            AddedToken token = token(entry, true);
            int known = vocabulary.idOf(token.content());
            String refusal = vocabulary.add(token, known >= 0 ? known : vocabulary.end());
            if (refusal != null) throw entry.malformed("content", refusal);
        }
    }

    private static AddedToken token(JsonFields fields, boolean special) throws MalformedFileException {
        String content = fields.requiredString("content");
        checkContent(fields, "content", content);
        return new AddedToken(
                content,
                fields.flag("single_word", false),
                fields.flag("lstrip", false),
                fields.flag("rstrip", false),
                fields.flag("normalized", !special),
                special);
    }

    private static void checkContent(JsonFields fields, String name, String content) throws MalformedFileException {
        if (content.isEmpty() || content.length() > AddedToken.MAX_LENGTH) {
            throw fields.malformed(
                    name, "expected 1 to " + AddedToken.MAX_LENGTH + " characters, found " + content.length());
        }
    }

    private static JsonFields readIfPresent(Path file) throws IOException {
        return Files.exists(file) ? JsonFields.read(file) : new JsonFields(file, "", Map.of());
    }
}
