package io.bridgetower.server.json;

import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.HttpError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A value in the JSON of a request, with its place for messages. What is of another type than asked for is an {@link HttpError}.
 */
public final class Field {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");

    private final String place;
    private final Object value;

    /** @param value a map, list, sequence of characters, double, boolean, null, or bytes of a form */
    Field(String place, Object value) {
        this.place = place;
        this.value = value;
    }

    /** The fields of a form, of which those that are named like images are bytes, and numbers are numbers. */
    public static Field ofForm(List<Exchange.Part> parts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Exchange.Part part : parts) {
            if (part.name() == null) throw HttpError.of(HttpError.Kind.INVALID, "a part of the form has no name");
            Object value = part.name().startsWith("image") ? part.content() : text(part);
            fields.merge(part.name(), value, Field::joined);
        }
        return new Field("", fields);
    }

    private static Object text(Exchange.Part part) {
        String text = new String(part.content(), StandardCharsets.UTF_8);
        return NUMBER.matcher(text).matches() && !part.name().startsWith("text") ? (Object) Double.valueOf(text) : text;
    }

    private static List<Object> joined(Object before, Object added) {
        List<Object> list = new ArrayList<>(before instanceof List<?> items ? items : List.of(before));
        list.add(added);
        return list;
    }

    /** Where it is: {@code input[2].image}. */
    public String place() {
        return place;
    }

    /** Whether it is absent, or null. */
    public boolean isAbsent() {
        return value == null;
    }

    public boolean isString() {
        return value instanceof CharSequence;
    }

    /** The bytes of a file in a form; null if this is something else. */
    public byte[] bytes() {
        return value instanceof byte[] bytes ? bytes : null;
    }

    public boolean isList() {
        return value instanceof List;
    }

    public boolean isObject() {
        return value instanceof Map;
    }

    /** A field of an object; one that is absent if the object has none of that name. */
    public Field get(String name) {
        if (!(value instanceof Map<?, ?> object)) throw expected("an object");
        return new Field(place.isEmpty() ? name : place + "." + name, object.get(name));
    }

    /** The first of some fields that is there; the first of them if none is. */
    public Field first(String... names) {
        for (String name : names) {
            if (!get(name).isAbsent()) return get(name);
        }
        return get(names[0]);
    }

    /** A text. */
    public String string() {
        return characters().toString();
    }

    /** A text, which is not copied where it is long. */
    public CharSequence characters() {
        if (value instanceof CharSequence text) return text;
        throw expected("a string");
    }

    /**
     * The bytes whose Base64 form a text is.
     *
     * @param from index of the first character of it
     * @throws IllegalArgumentException if it is not in Base64
     */
    public byte[] base64(int from) {
        CharSequence text = characters();
        CharSequence base64 = text.subSequence(from, text.length());
        return base64 instanceof AsciiText ascii
                ? ascii.decodeBase64()
                : Base64.getDecoder().decode(base64.toString());
    }

    /** A text, or another where this is absent. */
    public String string(String otherwise) {
        return isAbsent() ? otherwise : string();
    }

    /** True or false, or another where this is absent. */
    public boolean flag(boolean otherwise) {
        if (isAbsent()) return otherwise;
        if (value instanceof Boolean flag) return flag;
        throw expected("true or false");
    }

    /** An integer in a range, or another where this is absent. */
    public int integer(int otherwise, int min, int max) {
        if (isAbsent()) return otherwise;
        if (value instanceof Double number && number == Math.rint(number) && number >= min && number <= max) {
            return number.intValue();
        }
        throw expected(min == max ? Integer.toString(min) : "an integer from " + min + " to " + max);
    }

    /** The items of a list, of which there are one or more. */
    public List<Field> list() {
        if (!(value instanceof List<?> items)) throw expected("an array");
        if (items.isEmpty()) throw invalid("expected one item or more, found none");
        List<Field> fields = new ArrayList<>(items.size());
        for (Object item : items) fields.add(new Field(place + "[" + fields.size() + "]", item));
        return fields;
    }

    /** The items of a list, or this alone if it is none. */
    public List<Field> listOrOne() {
        return isList() ? list() : List.of(this);
    }

    /** An error that says what is expected here. */
    public HttpError expected(String what) {
        String found = switch (value) {
            case null -> "nothing";
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "an array";
            case CharSequence _ -> "a string";
            case Boolean _ -> "true or false";
            case byte[] _ -> "a file";
            default -> value.toString().replaceAll("\\.0$", "");
        };
        return invalid("expected " + what + ", found " + found);
    }

    /** An error about this value. */
    public HttpError invalid(String problem) {
        return place.isEmpty() ? HttpError.of(HttpError.Kind.INVALID, problem) : HttpError.invalid(place, problem);
    }
}
