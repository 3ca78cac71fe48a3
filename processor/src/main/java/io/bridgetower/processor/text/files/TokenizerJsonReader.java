package io.bridgetower.processor.text.files;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pulls values from a JSON file that is not trusted: bounded depth, names, strings and numbers, no name twice
 * in an object. Every complaint is a {@link MalformedFileException} that names the file and the place in it.
 */
final class TokenizerJsonReader implements AutoCloseable {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNameLength(1 << 14)
                    .maxStringLength(1 << 20)
                    .maxNumberLength(64)
                    .build())
            .build();

    private final Path file;
    private final JsonParser parser;

    TokenizerJsonReader(Path file) throws IOException {
        this.file = file;
        Reader in = Files.newBufferedReader(file);
        this.parser = FACTORY.createParser(in);
    }

    /** The file's only value, an object. */
    static JsonFields readObject(Path file) throws IOException {
        try (TokenizerJsonReader in = new TokenizerJsonReader(file)) {
            in.beginObject();
            Map<String, Object> values = in.restOfObject();
            in.end();
            return new JsonFields(file, "", values);
        }
    }

    /** Enters the object that comes next. */
    void beginObject() throws IOException {
        expect(next(), JsonToken.START_OBJECT, "an object");
    }

    /** The next name of the object entered last, or null at its end, which is left. */
    String nextName() throws IOException {
        return next() == JsonToken.END_OBJECT ? null : checked(parser.currentName());
    }

    /** Enters the array that comes next. */
    void beginArray() throws IOException {
        expect(next(), JsonToken.START_ARRAY, "an array");
    }

    /** The next value of the array entered last, or null at its end, which is left. A null in the array is refused. */
    Object nextItem() throws IOException {
        JsonToken token = next();
        if (token == JsonToken.END_ARRAY) return null;
        if (token == JsonToken.VALUE_NULL) throw malformed("null is no value here");
        return value(token);
    }

    /** The integer that comes next. */
    long integer() throws IOException {
        JsonToken token = next();
        expect(token, JsonToken.VALUE_NUMBER_INT, "an integer");
        if (!(value(token) instanceof Long integer)) throw malformed("the integer does not fit 64 bits");
        return integer;
    }

    /** The value that comes next: null, Boolean, String, Long, BigInteger, Double, List or Map. */
    Object value() throws IOException {
        return value(next());
    }

    /** Passes over the value that comes next. */
    void skip() throws IOException {
        next();
        try {
            parser.skipChildren();
        } catch (JacksonException | CharacterCodingException e) {
            throw complaint(e);
        }
    }

    /** Demands that nothing but white space is left. */
    void end() throws IOException {
        JsonToken token = advance();
        if (token != null) throw malformed("expected the end of the JSON text, found " + found(token));
    }

    /** A complaint about the value read last. */
    MalformedFileException malformed(String problem) {
        return new MalformedFileException(file, place(), problem);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private Map<String, Object> restOfObject() throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        for (String name = nextName(); name != null; name = nextName()) object.put(name, value());
        return object;
    }

    private Object value(JsonToken token) throws IOException {
        try {
            return switch (token) {
                case START_OBJECT -> restOfObject();
                case START_ARRAY -> {
                    List<Object> array = new ArrayList<>();
                    for (JsonToken item = next(); item != JsonToken.END_ARRAY; item = next()) array.add(value(item));
                    yield array;
                }
                case VALUE_STRING -> checked(parser.getText());
                case VALUE_NUMBER_INT -> {
                    BigInteger integer = parser.getBigIntegerValue();
                    yield integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
                }
                case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NULL -> null;
                default -> throw malformed("expected a value, found " + found(token));
            };
        } catch (JacksonException | CharacterCodingException e) {
            throw complaint(e);
        }
    }

    /** Text that can be written again: an escape can smuggle in half a character. */
    private String checked(String text) throws MalformedFileException {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw malformed("a surrogate without its partner: \\u" + Integer.toHexString(codePoint));
            }
        }
        return text;
    }

    private JsonToken next() throws IOException {
        JsonToken token = advance();
        if (token == null) throw malformed("the JSON text ends early");
        return token;
    }

    private JsonToken advance() throws IOException {
        try {
            return parser.nextToken();
        } catch (JacksonException | CharacterCodingException e) {
            throw complaint(e);
        }
    }

    private void expect(JsonToken token, JsonToken expected, String name) throws IOException {
        if (token != expected) throw malformed("expected " + name + ", found " + found(token));
    }

    private String found(JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case END_OBJECT, END_ARRAY -> "'" + token.asString() + "'";
            case FIELD_NAME -> "a name";
            case VALUE_STRING -> "a string";
            default -> parser.getText();
        };
    }

    /** The dotted names that lead to the value read last; null at the top. */
    private String place() {
        StringBuilder place = new StringBuilder();
        for (JsonStreamContext at = parser.getParsingContext(); at != null && !at.inRoot(); at = at.getParent()) {
            if (at.inArray() && at.hasCurrentIndex()) place.insert(0, "[" + at.getCurrentIndex() + "]");
            if (at.inObject() && at.hasCurrentName()) place.insert(0, "." + at.getCurrentName());
        }
        if (place.isEmpty()) return null;
        return place.charAt(0) == '.' ? place.substring(1) : place.toString();
    }

    private MalformedFileException complaint(IOException e) {
        if (!(e instanceof JacksonException syntax)) {
            return new MalformedFileException(file, place(), "the JSON text is not valid UTF-8", e);
        }
        JsonLocation at = syntax.getLocation() == null ? parser.currentLocation() : syntax.getLocation();
        String problem = "not valid JSON at line " + at.getLineNr() + ", column " + at.getColumnNr() + ": "
                + syntax.getOriginalMessage();
        return new MalformedFileException(file, place(), problem, e);
    }
}
