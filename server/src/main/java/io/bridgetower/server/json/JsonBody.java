package io.bridgetower.server.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.bridgetower.server.http.HttpError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON of requests. */
public final class JsonBody {
    private static final int MAX_DEPTH = 16;

    /** Characters of a string that is not copied. */
    private static final int LONG_STRING = 1 << 10;

    /** Characters that are decoded at a time. */
    private static final int CHECKED_CHARS = 1 << 12;

    /** What some clients send before the JSON. */
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // Names that clients make up are kept by a bounded table, not by the virtual machine.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
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
     * @param body not to be written to any more: long strings stay in it
     * @throws HttpError if it is not one
     */
    public static Field read(byte[] body) throws IOException {
        byte[] json = withoutByteOrderMark(body);
        try (JsonParser parser = FACTORY.createParser(json)) {
            checkUtf8(json);
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_OBJECT) {
                throw HttpError.of(HttpError.Kind.INVALID, "expected a JSON object as the body");
            }
            Field field = new Field("", value(parser, token, json));
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

    /** Throws if bytes are not UTF-8 in the strict sense of RFC 8259, which the parser does not hold them to. */
    private static void checkUtf8(byte[] bytes) throws CharacterCodingException {
        // What is malformed is reported by a decoder, unless it is told otherwise.
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(CHECKED_CHARS);
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), true);
            if (result.isError()) result.throwException();
        } while (result.isOverflow());
    }

    private static byte[] withoutByteOrderMark(byte[] bytes) {
        int length = BYTE_ORDER_MARK.length;
        boolean hasOne = bytes.length >= length && Arrays.equals(bytes, 0, length, BYTE_ORDER_MARK, 0, length);
        return hasOne ? Arrays.copyOfRange(bytes, length, bytes.length) : bytes;
    }

    private static Object value(JsonParser parser, JsonToken token, byte[] body) throws IOException {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    object.put(name, value(parser, parser.nextToken(), body));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
                    array.add(value(parser, item, body));
                }
                yield array;
            }
            case VALUE_STRING -> text(parser, body);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    /** A string; what is short, or not the same characters as bytes, is decoded at once. */
    private static CharSequence text(JsonParser parser, byte[] body) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset() + 1, end = start;
        while (end < body.length && body[end] >= ' ' && body[end] != '"' && body[end] != '\\') end++;
        boolean isAscii = end < body.length && body[end] == '"';
        return isAscii && end - start >= LONG_STRING ? new AsciiText(body, start, end) : parser.getText();
    }
}
