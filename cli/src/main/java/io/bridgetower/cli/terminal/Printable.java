package io.bridgetower.cli.terminal;

import java.util.Locale;

/** Text that neither breaks a line nor moves a cursor. */
public final class Printable {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private Printable() {}

    /** {@code text} with its control and formatting characters escaped, but for those that shape letters. */
    public static String of(String text) {
        if (text.codePoints().allMatch(Printable::isPrintable)) return text;
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isPrintable(c)) printable.appendCodePoint(c);
            else printable.append(escape(c));
        });
        return printable.toString();
    }

    private static boolean isPrintable(int c) {
        if (c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER) return true;
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String escape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                c > Character.MAX_VALUE
                        ? String.format(Locale.ROOT, "\\u{%x}", c)
                        : String.format(Locale.ROOT, "\\u%04x", c);
        };
    }
}
