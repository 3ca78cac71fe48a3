package io.bridgetower.files;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes plain maps, lists, strings, numbers and booleans as JSON text. */
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private final boolean indented;

    private JsonWriter(boolean indented) {
        this.indented = indented;
    }

    /** The value on one line. */
    public static String compact(Object value) {
        JsonWriter writer = new JsonWriter(false);
        writer.value(value, 0);
        return writer.out.toString();
    }

    /** The value on many lines, indented by two spaces a level. */
    public static String indented(Object value) {
        JsonWriter writer = new JsonWriter(true);
        writer.value(value, 0);
        return writer.out.append('\n').toString();
    }

    private void value(Object value, int level) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> object(map, level);
            case List<?> list -> array(list, level);
            case Boolean flag -> out.append(flag);
            case Double number
            when !Double.isFinite(number) -> throw new IllegalArgumentException("JSON has no " + number);
            case Float number
            when !Float.isFinite(number) -> throw new IllegalArgumentException("JSON has no " + number);
            case Number number -> out.append(number);
            default -> string(value.toString());
        }
    }

    private void object(Map<?, ?> map, int level) {
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<?, ?> entry = entries.next();
            line(level + 1);
            string(entry.getKey().toString());
            out.append(indented ? ": " : ":");
            value(entry.getValue(), level + 1);
            if (entries.hasNext()) out.append(',');
        }
        if (!map.isEmpty()) line(level);
        out.append('}');
    }

    private void array(List<?> list, int level) {
        out.append('[');
        for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
            line(level + 1);
            value(items.next(), level + 1);
            if (items.hasNext()) out.append(',');
        }
        if (!list.isEmpty()) line(level);
        out.append(']');
    }

    private void line(int level) {
        if (indented) out.append('\n').repeat("  ", level);
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    else out.append(c);
                }
            }
        }
        out.append('"');
    }
}
