package io.bridgetower.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowsTest {
    @Test
    void jsonLinesAreRowsWhateverElseTheyHold() throws IOException {
        String text = "\uFEFF{\"id\": 7, \"image\": \"a.png\", \"text\": \"ä \\\"b\\\"\", \"more\": {\"id\": [1]}}\r\n"
                + "\n  \n"
                + "{\"text\": \"\", \"image\": \"b\", \"id\": \"x\"}";
        List<PairRow<RowId>> rows = read("rows.jsonl", text);
        assertEquals(
                List.of(
                        PairRow.of(new RowId("7", true), "a.png", "ä \"b\""),
                        PairRow.of(new RowId("x", false), "b", "")),
                rows);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {oops                               | line 1: not valid JSON
        [1]                                 | line 1: expected an object
        {"id": 1, "text": 5}                | line 1: text: expected a string
        {"id": 1, "image": null}            | line 1: image: expected a string
        {"id": true}                        | line 1: id: expected a string or a number
        {"image": "a", "text": "b"}         | line 1: no id
        {"id": 1} {"id": 2}                 | line 1: expected one object, found more
        {"id": 1, "image": "a", "text": "b  | line 1: not valid JSON
        """)
    void aLineThatIsNoRowIsBrokenAndTheNextIsRead(String line, String problem) throws IOException {
        List<PairRow<RowId>> rows = read("rows.jsonl", line + "\n{\"id\": 9, \"image\": \"a\", \"text\": \"b\"}\n");
        assertEquals(2, rows.size());
        assertTrue(
                rows.getFirst().problem().startsWith(problem), rows.getFirst().problem());
        assertEquals(PairRow.of(new RowId("9", true), "a", "b"), rows.getLast());
    }

    @Test
    void aLineThatIsTooLongOrNotUtf8IsBroken() throws IOException {
        byte[] text = ("{\"id\": \"?" + "x".repeat(Lines.LONGEST) + "\"}\n{\"id\": \"?\"}\n{\"id\": 3}\n")
                .getBytes(StandardCharsets.UTF_8);
        text[text.length - 14] = (byte) 0xFF;
        List<String> problems = new ArrayList<>();
        new JsonlRows(new ByteArrayInputStream(text)).forEachRemaining(row -> problems.add(row.problem()));
        assertEquals(3, problems.size());
        assertEquals("line 1: longer than 1048576 bytes", problems.get(0));
        assertEquals("line 2: not valid UTF-8", problems.get(1));
        assertEquals(null, problems.get(2));
    }

    @Test
    void csvHasItsColumnsInAnyOrder() throws IOException {
        String text = "text,more,id,image\n\"a, \"\"b\"\"\nc\",,1,a.png\n,x,2,\nshort,1\n,,,a.png\n";
        List<PairRow<RowId>> rows = read("rows.csv", text);
        assertEquals(
                List.of(
                        PairRow.of(RowId.of("1"), "a.png", "a, \"b\"\nc"),
                        PairRow.of(RowId.of("2"), "", ""),
                        PairRow.broken(RowId.NONE, "line 5: expected 4 fields, found 2"),
                        PairRow.broken(RowId.NONE, "line 6: no id")),
                rows);
    }

    @Test
    void csvWithoutColumnsIsRefused() {
        var refused = assertThrows(MalformedFileException.class, () -> read("rows.csv", "id,picture,text\n1,a,b\n"));
        assertEquals(
                "rows.csv: image: expected columns id, image and text in the first line, found id, picture, text",
                refused.getMessage());
        assertThrows(MalformedFileException.class, () -> read("rows.csv", ""));
    }

    private static List<PairRow<RowId>> read(String name, String text) throws IOException {
        List<PairRow<RowId>> rows = new ArrayList<>();
        Path file = Path.of(name);
        FileFormat.of(file)
                .rows(file, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .forEachRemaining(rows::add);
        return rows;
    }
}
