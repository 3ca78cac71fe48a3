package io.bridgetower.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextLinesTest {
    @Test
    void aLineEndsAtALineFeed() throws Failure {
        assertEquals(List.of(), lines(""));
        assertEquals(List.of(""), lines("\n"));
        assertEquals(List.of("a", "", "b"), lines("a\n\nb"));
        assertEquals(List.of("a", "b\rc", "d\r"), lines("a\r\nb\rc\nd\r"));
        assertEquals(List.of("ñ日😀\u2028"), lines("ñ日😀\u2028"));
    }

    @Test
    void whatIsNotUtf8IsNamedByItsLine() throws Failure {
        TextLines lines = new TextLines(new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xC3, '\n'}));
        assertEquals("a", lines.next());
        assertEquals(
                "standard input, line 2: not valid UTF-8",
                assertThrows(Failure.class, lines::next).getMessage());
    }

    private static List<String> lines(String text) throws Failure {
        TextLines lines = new TextLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        List<String> all = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) all.add(line);
        return all;
    }
}
