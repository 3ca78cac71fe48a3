package io.bridgetower.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void controlAndDirectionCharactersAreEscaped() {
        assertEquals("a\\nb\\r\\t\\u001b[31m\\u0000", Printable.of("a\nb\r\t\u001b[31m\0"));
        assertEquals("\\u202eevil\\u2028\\u0085", Printable.of("\u202eevil\u2028\u0085"));
        assertEquals("\\u{e0001}\\ud800", Printable.of(Character.toString(0xE0001) + "\ud800"));
    }

    @Test
    void lettersOfAnyScriptStayAsTheyAre() {
        String text = "日本 ñ ❤️ 👩\u200d🚀 می\u200cخواهم";
        assertSame(text, Printable.of(text));
    }
}
