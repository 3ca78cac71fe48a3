package io.bridgetower.files;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Pulls values from a JSON text that is not trusted: strict UTF-8 (RFC 8259), bounded depth, names, strings and
 * numbers. Every complaint is a {@link MalformedFileException} that names the file and the place in it.
 */
public final class JsonReader implements AutoCloseable {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 4096;
    private static final int MAX_STRING = 1 << 20;
    private static final int MAX_NUMBER = 64;

    private static final JsonFactory FACTORY = factory(MAX_NAME, false);

    /** What the parser's messages add about its own sources and settings. */
    private static final Pattern PARSER_TALK =
            Pattern.compile("( \\(start marker at|: enable `).*|, from `[^`]*`", Pattern.DOTALL);

    private final Path file;
    private final boolean strict;
    private final JsonParser parser;

    /**
     * @param file named in every complaint
     * @param in UTF-8; closed with this reader
     */
    public JsonReader(Path file, InputStream in) throws IOException {
        this(file, decoded(in));
    }

    /** As above, for text that is decoded already. */
    public JsonReader(Path file, Reader in) throws IOException {
        this(file, in, FACTORY, false);
    }

    private JsonReader(Path file, Reader in, JsonFactory factory, boolean strict) throws IOException {
        this.file = file;
        this.strict = strict;
        this.parser = factory.createParser(in);
    }

    /**
     * A reader that also refuses a name that occurs twice in an object, and a surrogate without its partner, which could
     * not be written again. It holds the names of the objects that it is in.
     *
     * @param in UTF-8; closed with the reader
     * @param maxName characters of a name at most
     */
    public static JsonReader strict(Path file, InputStream in, int maxName) throws IOException {
        return new JsonReader(file, decoded(in), factory(maxName, true), true);
    }

    /** Names are neither interned nor pooled: a file of a million names must not fill a table that outlives it. */
    private static JsonFactory factory(int maxName, boolean uniqueNames) {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, uniqueNames)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNameLength(maxName)
                        .maxStringLength(MAX_STRING)
                        .maxNumberLength(MAX_NUMBER)
                        .build())
                .build();
    }

    private static Reader decoded(InputStream in) {
        return new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    /** Enters the object that comes next. */
    public void beginObject() throws IOException {
        expect(next(), JsonToken.START_OBJECT, "an object");
    }

    /** The next name of the object entered last, or null at its end, which is left. */
    public String nextName() throws IOException {
        return next() == JsonToken.END_OBJECT ? null : checked(parser.currentName());
    }

    /** Enters the array that comes next. */
    public void beginArray() throws IOException {
        expect(next(), JsonToken.START_ARRAY, "an array");
    }

    /** The next integer of the array entered last, or null at its end, which is left. */
    public Long nextInteger() throws IOException {
        JsonToken token = next();
        return token == JsonToken.END_ARRAY ? null : integer(token);
    }

    /** The next value of the array entered last, or null at its end, which is left. A null in the array is refused. */
    public Object nextItem() throws IOException {
        JsonToken token = next();
        if (token == JsonToken.END_ARRAY) return null;
        if (token == JsonToken.VALUE_NULL) throw malformed("null is no value here");
        return value(token);
    }

    /** The integer of 64 bits that comes next. */
    public long integer() throws IOException {
        return integer(next());
    }

    /** The string that comes next. */
    public String string() throws IOException {
        expect(next(), JsonToken.VALUE_STRING, "a string");
        return text();
    }

    /** The value that comes next, of any type: null, Boolean, String, Long, BigInteger, Double, List or Map. */
    public Object value() throws IOException {
        return value(next());
    }

    /** The object that comes next, with values as those of {@link #value}. */
    public Map<String, Object> object() throws IOException {
        beginObject();
        return restOfObject();
    }

    /** Passes over the value that comes next. */
    public void skip() throws IOException {
        next();
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw complaint(e);
        }
    }

    /** Demands that nothing but white space is left. */
    public void end() throws IOException {
        JsonToken token = advance();
        if (token != null) throw malformed("expected the end of the JSON text, found " + found(token));
    }

    /** A complaint about the value read last. */
    public MalformedFileException malformed(String problem) {
        return new MalformedFileException(file, place(), problem);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private JsonToken next() throws IOException {
        JsonToken token = advance();
        if (token == null) throw malformed("the JSON text ends early");
        return token;
    }

    private JsonToken advance() throws IOException {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw complaint(e);
        }
    }

    private Map<String, Object> restOfObject() throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        for (String name = nextName(); name != null; name = nextName()) object.put(name, value(next()));
        return object;
    }

    private Object value(JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> restOfObject();
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                for (JsonToken item = next(); item != JsonToken.END_ARRAY; item = next()) array.add(value(item));
                yield array;
            }
            case VALUE_STRING -> text();
            case VALUE_NUMBER_INT -> {
                BigInteger integer = bigInteger();
                yield integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
            }
            case VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw malformed("expected a value, found " + found(token));
        };
    }

    private long integer(JsonToken token) throws IOException {
        expect(token, JsonToken.VALUE_NUMBER_INT, "an integer");
        BigInteger integer = bigInteger();
        if (integer.bitLength() >= Long.SIZE) throw malformed("integer " + integer + " does not fit 64 bits");
        return integer.longValue();
    }

    private BigInteger bigInteger() throws IOException {
        try {
            return parser.getBigIntegerValue();
        } catch (IOException e) {
            throw complaint(e);
        }
    }

    private double number() throws IOException {
        double number;
        try {
            number = parser.getDoubleValue();
        } catch (IOException e) {
            throw complaint(e);
        }
        if (Double.isFinite(number)) return number;
        throw malformed("number " + parser.getText() + " does not fit 64 bits");
    }

    private String text() throws IOException {
        String text;
        try {
            text = parser.getText();
        } catch (IOException e) {
            throw complaint(e);
        }
        return checked(text);
    }

    private String checked(String text) throws MalformedFileException {
        if (!strict) return text;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw malformed("a surrogate without its partner: \\u" + Integer.toHexString(codePoint));
            }
        }
        return text;
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

    private IOException complaint(IOException e) {
        if (e instanceof CharacterCodingException) {
            return new MalformedFileException(file, place(), "the JSON text is not valid UTF-8", e);
        }
        if (!(e instanceof JacksonException syntax)) return e;
        String reason = PARSER_TALK.matcher(syntax.getOriginalMessage()).replaceAll("");
        String problem = "not valid JSON at line " + parser.currentLocation().getLineNr() + ", column "
                + parser.currentLocation().getColumnNr() + ": " + reason;
        return new MalformedFileException(file, place(), problem, e);
    }
}
