package io.bridgetower.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    @Test
    void columnsLineUpWhateverTheLetters() throws IOException {
        Table table = new Table("x", "letters", "y");
        table.add("1", "plain", "a");
        table.add("22", "日本語", "b");
        table.add("3", "e\u0301\t", "c");
        StringWriter out = new StringWriter();
        table.write(out);
        assertEquals("""
            x   letters  y
            1   plain    a
            22  日本語   b
            3   e\u0301\\t      c
            """, out.toString());
    }

    @ParameterizedTest
    @CsvSource({"abc,3", "日本,4", "ｶﾅ,2", "한글,4", "e\u0301,1", "😀,2", "👩\u200d🚀,4", "ñ…—,3", "'',0"})
    void widthIsThatOfATerminal(String text, int width) {
        assertEquals(width, DisplayWidth.of(text));
    }
}
