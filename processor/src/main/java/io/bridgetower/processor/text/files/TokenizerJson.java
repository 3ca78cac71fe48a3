package io.bridgetower.processor.text.files;

import io.bridgetower.files.JsonReader;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code tokenizer.json}: a byte-level BPE model with RoBERTa's pre-tokenizer, post-processor and decoder.
 * Anything else that the format can describe is refused, by the name of the field.
 */
final class TokenizerJson {
    private static final Set<String> KNOWN =
            Set.of("added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "padding", "truncation");

    private final Path file;
    private final TokenizerDraft draft;
    private final Map<String, Object> rest = new LinkedHashMap<>();
    private final Map<String, Object> model = new LinkedHashMap<>();
    private boolean hasVocabulary;

    private TokenizerJson(Path file) {
        this.file = file;
        this.draft = new TokenizerDraft(file, "model.merges");
    }

    static TokenizerDraft read(Path file) throws IOException {
        TokenizerJson json = new TokenizerJson(file);
        try (JsonReader in = JsonFields.reader(file)) {
            in.beginObject();
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                if (name.equals("model")) json.readModel(in);
                else if (KNOWN.contains(name)) json.rest.put(name, in.value());
                else in.skip();
            }
            in.end();
        }
        json.interpret();
        return json.draft;
    }

    private void readModel(JsonReader in) throws IOException {
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "vocab" -> {
                    VocabularyJson.readTokens(in, draft.vocabulary);
                    hasVocabulary = true;
                }
                case "merges" -> readMerges(in);
                default -> model.put(name, in.value());
            }
        }
    }

    private void readMerges(JsonReader in) throws IOException {
        in.beginArray();
        for (Object item = in.nextItem(); item != null; item = in.nextItem()) {
            String refusal = switch (item) {
                case String line -> draft.merges.add(line);
                case List<?> pair
                when pair.size() == 2 && pair.get(0) instanceof String left && pair.get(1) instanceof String right ->
                    draft.merges.add(left, right);
                default -> "expected two tokens";
            };
            if (refusal != null) throw in.malformed(refusal);
        }
    }

    private void interpret() throws MalformedFileException {
        JsonFields top = new JsonFields(file, "", rest);
        interpretModel(new JsonFields(file, "model", model));
        for (JsonFields entry : top.objects("added_tokens")) {
            TokenizerSettings.add(draft.vocabulary, entry, entry.requiredInteger("id"));
        }
        if (top.has("normalizer")) throw top.malformed("normalizer", "expected null: RoBERTa takes text as it is");
        interpretPreTokenizer(required(top, "pre_tokenizer"));
        interpretPostProcessor(top.object("post_processor"));
        JsonFields decoder = required(top, "decoder");
        demandType(decoder, Set.of("ByteLevel"));
        draft.padsLeft = pointsLeft(top.object("padding"));
        draft.truncatesLeft = pointsLeft(top.object("truncation"));
    }

    /** What padding and truncation say of the side; all else is for the caller to say, as in the reference. */
    private static boolean pointsLeft(JsonFields fields) throws MalformedFileException {
        String direction = fields == null ? null : fields.string("direction");
        if (direction == null || direction.equals("Right")) return false;
        if (direction.equals("Left")) return true;
        throw fields.malformed("direction", "expected Left or Right, found " + direction);
    }

    private void interpretModel(JsonFields fields) throws MalformedFileException {
        if (!hasVocabulary) throw fields.malformed("vocab", "missing");
        String type = fields.string("type");
        if (type != null && !type.equals("BPE")) throw fields.malformed("type", "expected BPE, found " + type);
        Object dropout = fields.values().get("dropout");
        if (dropout != null && !(dropout instanceof Number n && n.doubleValue() == 0)) {
            throw fields.malformed("dropout", "expected null: dropout is for training");
        }
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            String value = fields.string(affix);
            if (value != null && !value.isEmpty()) throw fields.malformed(affix, "expected none");
        }
        for (String flag : List.of("fuse_unk", "byte_fallback")) {
            if (fields.flag(flag, false)) throw fields.malformed(flag, "expected false");
        }
        draft.wholeWordsFirst = fields.flag("ignore_merges", false);
        draft.unknownByte = fields.string("unk_token");
        if (draft.unknownByte != null && draft.vocabulary.idOf(draft.unknownByte) < 0) {
            throw fields.malformed("unk_token", "the vocabulary lacks \"" + draft.unknownByte + '"');
        }
    }

    private void interpretPreTokenizer(JsonFields fields) throws MalformedFileException {
        demandType(fields, Set.of("ByteLevel"));
        if (!fields.flag("use_regex", true)) throw fields.malformed("use_regex", "expected true");
        draft.addPrefixSpace = fields.flag("add_prefix_space", true);
    }

    private void interpretPostProcessor(JsonFields fields) throws MalformedFileException {
        draft.framed = false;
        draft.trimOffsets = false;
        if (fields == null) return;
        demandType(fields, Set.of("RobertaProcessing", "ByteLevel"));
        draft.trimOffsets = fields.flag("trim_offsets", true);
        if (fields.string("type").equals("ByteLevel")) return;
        draft.framed = true;
        draft.classifier = frameToken(fields, "cls");
        draft.separator = frameToken(fields, "sep");
    }

    /** A token of the frame, which the file gives with its id. */
    private String frameToken(JsonFields fields, String name) throws MalformedFileException {
        if (!(fields.values().get(name) instanceof List<?> pair)
                || pair.size() != 2
                || !(pair.get(0) instanceof String token)
                || !(pair.get(1) instanceof Long id)) {
            throw fields.malformed(name, "expected a token and its id");
        }
        int known = draft.vocabulary.idOf(token);
        if (known != id) {
            String found = known < 0 ? "is not in the vocabulary" : "has the id " + known + " there";
            throw fields.malformed(name, "the token \"" + token + "\" of id " + id + " " + found);
        }
        return token;
    }

    private static JsonFields required(JsonFields fields, String name) throws MalformedFileException {
        JsonFields object = fields.object(name);
        if (object == null) throw fields.malformed(name, "missing: expected ByteLevel");
        return object;
    }

    private static void demandType(JsonFields fields, Set<String> types) throws MalformedFileException {
        String type = fields.requiredString("type");
        if (!types.contains(type)) {
            throw fields.malformed("type", "expected " + String.join(" or ", types) + ", found " + type);
        }
    }
}
