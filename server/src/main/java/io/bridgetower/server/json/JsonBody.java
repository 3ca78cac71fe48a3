package io.bridgetower.server.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.bridgetower.server.http.HttpError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON of requests. */
public final class JsonBody {
    private static final int MAX_DEPTH = 16;
    private static final int BYTE_ORDER_MARK = 0xfeff;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(1 << 10)
                    // The body is bounded, and an image in it is one string.
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(64)
                    .build())
            .build();

    private JsonBody() {}

    /**
     * The object that a body is.
     *
     * @throws HttpError if it is not one
     * @throws IOException if it cannot be read
     */
    public static Field read(InputStream body) throws IOException {
        try (JsonParser parser = FACTORY.createParser(decoded(body))) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_OBJECT) {
                throw HttpError.of(HttpError.Kind.INVALID, "expected a JSON object as the body");
            }
            Field field = new Field("", value(parser, token));
            if (parser.nextToken() != null) {
                throw HttpError.of(HttpError.Kind.INVALID, "expected nothing after the JSON object");
            }
            return field;
        } catch (CharacterCodingException e) {
            throw HttpError.of(HttpError.Kind.INVALID, "the body is not UTF-8", e);
        } catch (StreamConstraintsException e) {
            throw HttpError.of(
                    HttpError.Kind.INVALID, "the JSON is nested too deeply, or has too long a name or number", e);
        } catch (JacksonException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw HttpError.of(HttpError.Kind.INVALID, "the body is not valid JSON" + place, e);
        }
    }

    /** The body as strict UTF-8 (RFC 8259), without the byte order mark that some clients send. */
    private static Reader decoded(InputStream body) throws IOException {
        // What is malformed is reported by a decoder, unless it is told otherwise.
        PushbackReader in = new PushbackReader(new InputStreamReader(body, StandardCharsets.UTF_8.newDecoder()));
        int first = in.read();
        if (first >= 0 && first != BYTE_ORDER_MARK) in.unread(first);
        return in;
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    object.put(name, value(parser, parser.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
                    array.add(value(parser, item));
                }
                yield array;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }
}
