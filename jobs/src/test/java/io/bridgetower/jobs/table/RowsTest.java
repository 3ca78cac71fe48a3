package io.bridgetower.jobs.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.jobs.rows.RowId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    @Test
    void jsonLinesAreRowsWhateverElseTheyHold() throws IOException {
        String text = "\uFEFF{\"id\": 7, \"image\": \"a.png\", \"text\": \"ä \\\"b\\\"\", \"more\": {\"id\": [1]}}\r\n"
                + "\n  \n"
                + "{\"text\": \"\", \"image\": \"b\", \"id\": \"x\", \"caption\": [1, {}]}";
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
        {"id": 1, "Caption": {}}            | line 1: Caption: expected a string
        {"id": 1, "image": null}            | line 1: image: expected a string
        {"id": true}                        | line 1: id: expected a string or a number
        {"id": null}                        | line 1: id: expected a string or a number
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
        byte[] text = ("{\"id\": \"" + "x".repeat(Lines.LONGEST) + "\"}\n{\"id\": \"?\"}\n{\"id\": 3}\n")
                .getBytes(StandardCharsets.UTF_8);
        text[text.length - 14] = (byte) 0xFF;
        List<PairRow<RowId>> rows = read("rows.jsonl", text, TableOptions.DEFAULT);
        assertEquals(3, rows.size());
        assertEquals("line 1: longer than 8388608 characters", rows.get(0).problem());
        assertEquals("line 2: not valid UTF-8", rows.get(1).problem());
        assertNull(rows.get(2).problem());
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        rows.csv | id,image,text
        rows.csv | ID,Image,Text
        rows.csv | id;image_path;caption
        rows.csv | ID;Image Path;Sentence
        rows.tsv | idTABfilepathTABtitle
        rows.csv | idTABfile_nameTABDescription
        rows.tsv | id,filename,prompt
        rows.csv | "id","image","text"
        rows.csv | id;"image";text, or what else
        """)
    void columnsHaveUsualNamesAndAnySeparator(String file, String header) throws IOException {
        TableOptions options = header.contains("what else")
                ? TableOptions.DEFAULT.withTextColumn("text, or what else")
                : TableOptions.DEFAULT;
        String table = header.replace("TAB", "\t");
        String separator = table.contains("\t") ? "\t" : table.contains(";") ? ";" : ",";
        String row = String.join(separator, "7", "a.png", "\"two; stars, a\ttab\"") + "\n";
        assertEquals(
                List.of(PairRow.of(RowId.of("7"), "a.png", "two; stars, a\ttab")),
                read(file, (table + "\r\n" + row).getBytes(StandardCharsets.UTF_8), options));
    }

    @Test
    void withoutIdsRowsHaveTheirNumbers() throws IOException {
        List<PairRow<RowId>> expected = List.of(
                PairRow.of(new RowId("1", true), "a", "x"),
                PairRow.broken(new RowId("2", true), "line 3: expected 2 fields, found 1"),
                PairRow.of(new RowId("3", true), "b", "y"));
        assertEquals(expected, read("rows.csv", "image,text\na,x\nb\n\nb,y\n"));
        assertEquals(
                List.of(PairRow.of(new RowId("1", true), "a", "x"), PairRow.of(new RowId("2", true), "b", "y")),
                read(
                        "rows.jsonl",
                        "{\"image_path\": \"a\", \"caption\": \"x\"}\n\n{\"img\": \"b\", \"Text\": \"y\"}\n"));
    }

    @Test
    void columnsThatAreNamedGoBeforeUsualOnes() throws IOException {
        TableOptions options =
                TableOptions.DEFAULT.withIdColumn("key").withImageColumn("left").withTextColumn("German text");
        List<PairRow<RowId>> expected = List.of(PairRow.of(RowId.of("k"), "l.png", "ein Stern"));
        assertEquals(
                expected,
                read(
                        "rows.csv",
                        bytes("id,key,image,left,text,German text\n1,k,i.png,l.png,a star,ein Stern\n"),
                        options));
        String object = "{\"id\": 1, \"image\": \"i.png\", \"text\": \"a\", \"left\": \"l.png\", \"key\": \"k\","
                + " \"German text\": \"ein Stern\"}\n";
        assertEquals(expected, read("rows.jsonl", bytes(object), options));
        var refused = assertThrows(
                MalformedFileException.class, () -> read("rows.csv", bytes("id,key,image,left,text\n"), options));
        assertEquals(
                "rows.csv: text: expected a column German text in the first line, found id, key, image, left, text",
                refused.getMessage());
        List<PairRow<RowId>> rows =
                read("rows.jsonl", bytes("{\"id\": 1, \"left\": \"a\", \"text\": \"b\"}\n"), options);
        assertEquals(List.of(PairRow.broken(RowId.NONE, "line 1: no key")), rows);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        image_path,filepath,caption | image | image_path, filepath
        image,image,caption         | image | image, image
        image,Caption,sentence      | text  | Caption, sentence
        """)
    void severalCandidatesAreRefused(String header, String field, String candidates) throws IOException {
        var refused = assertThrows(MalformedFileException.class, () -> read("rows.csv", header + "\na,b,c\n"));
        assertEquals(
                "rows.csv: " + field + ": several columns may be the one: " + candidates + "; name the " + field
                        + " column",
                refused.getMessage());
        TableOptions named = TableOptions.DEFAULT.withImageColumn("filepath").withTextColumn("sentence");
        if (header.startsWith("image_path")) {
            assertEquals(
                    "b",
                    read("rows.csv", bytes(header + "\na,b,c\n"), named.withTextColumn(null))
                            .getFirst()
                            .image());
        }
    }

    @Test
    void severalCandidatesInAnObjectFailItsRowAlone() throws IOException {
        String good = "{\"image\": \"a\", \"image_path\": \"b\", \"text\": \"c\"}\n";
        String bad = "{\"img\": \"a\", \"image_path\": \"b\", \"text\": \"c\"}\n";
        List<PairRow<RowId>> rows = read("rows.jsonl", good + bad + good);
        assertEquals(
                "line 2: several columns may be the one: img, image_path; name the image column",
                rows.get(1).problem());
        for (int row : new int[] {0, 2}) assertEquals(null, rows.get(row).problem());
    }

    @Test
    void csvWithoutColumnsIsRefused() {
        var refused = assertThrows(MalformedFileException.class, () -> read("rows.csv", "id,picture,text\n1,a,b\n"));
        assertEquals(
                "rows.csv: image: expected columns id, image and text in the first line, found id, picture, text",
                refused.getMessage());
        refused = assertThrows(MalformedFileException.class, () -> read("rows.csv", "picture;id;text\n1;a,b;c\n"));
        assertTrue(refused.getMessage().endsWith("found picture, id, text"), refused.getMessage());
        assertThrows(MalformedFileException.class, () -> read("rows.csv", ""));
        assertThrows(MalformedFileException.class, () -> read("rows.csv", "\n\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aByteOrderMarkTellsTheEncoding(String encoding) throws IOException {
        byte[] csv = "\uFEFFimage;text\r\na.png;ä 猫 😀\r\n".getBytes(Charset.forName(encoding));
        List<PairRow<RowId>> expected = List.of(PairRow.of(new RowId("1", true), "a.png", "ä 猫 😀"));
        assertEquals(expected, read("rows.csv", csv, TableOptions.DEFAULT));
        assertEquals(expected, read("rows.csv", csv, TableOptions.DEFAULT.withEncoding(Charset.forName(encoding))));
        byte[] jsonl = "\uFEFF{\"image\": \"a.png\", \"text\": \"ä 猫 😀\"}\n".getBytes(Charset.forName(encoding));
        assertEquals(expected, read("rows.jsonl", jsonl, TableOptions.DEFAULT));
    }

    @Test
    void whatAnotherEncodingSpoilsIsItsRow() throws IOException {
        byte[] table = "image_path;caption\r\n1.png;un carré noir\r\n2.png;two \uFFFD stars\r\n".getBytes(WINDOWS);
        List<PairRow<RowId>> rows = read("rows.csv", table, TableOptions.DEFAULT);
        assertEquals(PairRow.broken(new RowId("1", true), "line 2: not valid UTF-8"), rows.get(0));
        assertEquals(PairRow.of(new RowId("2", true), "2.png", "two ? stars"), rows.get(1));
        rows = read("rows.csv", table, TableOptions.DEFAULT.withEncoding(WINDOWS));
        assertEquals(PairRow.of(new RowId("1", true), "1.png", "un carré noir"), rows.get(0));
        byte[] undefined = bytes("image,text,id\na,b,1\nc,?,2\n");
        undefined[undefined.length - 4] = (byte) 0x81;
        rows = read("rows.csv", undefined, TableOptions.DEFAULT.withEncoding(WINDOWS));
        assertNull(rows.get(0).problem());
        assertEquals(PairRow.broken(RowId.of("2"), "line 3: not valid windows-1252"), rows.get(1));
        // What decodes to the character that stands for an error elsewhere is none.
        assertEquals(
                "\uFFFD", read("rows.csv", "image,text\na,\uFFFD\n").getFirst().text());
        byte[] header = "image,texté\n".getBytes(WINDOWS);
        var refused = assertThrows(MalformedFileException.class, () -> read("rows.csv", header, TableOptions.DEFAULT));
        assertEquals("rows.csv: line 1: not valid UTF-8", refused.getMessage());
    }

    @Test
    void aFieldThatIsTooLongFailsItsRow() throws IOException {
        String longest = "x".repeat(Lines.LONGEST_TEXT), tooLong = "y".repeat(Lines.LONGEST);
        String table = "id,image,text\n1,a," + longest + "\n2,b,x" + longest + "\n3," + tooLong + ",c\n4,d,\"" + tooLong
                + "\n\"\n5,e,f\n";
        List<PairRow<RowId>> rows = read("rows.csv", table);
        assertEquals(PairRow.of(RowId.of("1"), "a", longest), rows.get(0));
        assertEquals(PairRow.broken(RowId.of("2"), "line 3: text: longer than 1048576 characters"), rows.get(1));
        assertEquals(PairRow.broken(RowId.NONE, "line 4: longer than 8388608 characters"), rows.get(2));
        assertEquals(PairRow.broken(RowId.NONE, "line 5: longer than 8388608 characters"), rows.get(3));
        assertEquals(PairRow.of(RowId.of("5"), "e", "f"), rows.get(4));
        assertEquals(5, rows.size());
        String objects = "{\"id\": 1, \"image\": \"a\", \"text\": \"x" + longest + "\"}\n{\"id\": 2}\n";
        rows = read("rows.jsonl", objects);
        assertEquals("line 1: text: longer than 1048576 characters", rows.get(0).problem());
        assertEquals(2, rows.size());
    }

    @Test
    void quotesThatAreWrongFailTheirRow() throws IOException {
        List<PairRow<RowId>> rows = read("rows.csv", "id,image,text\n1,\"a\"b,c\n2,a\"b,c \"d\"\n3,a,\"b");
        assertEquals(PairRow.broken(RowId.NONE, "line 2: text behind the end of a quoted field"), rows.get(0));
        assertEquals(PairRow.of(RowId.of("2"), "a\"b", "c \"d\""), rows.get(1));
        assertEquals(PairRow.broken(RowId.NONE, "line 4: a quoted field is not closed"), rows.get(2));
        var refused = assertThrows(
                UncheckedIOException.class, () -> read("rows.csv", "id,image,text\n1,a,b\n2,a,\"b\n3,a,b\n4,a,b\n"));
        assertEquals(
                "rows.csv: line 3: a quoted field begins here that is not closed",
                refused.getCause().getMessage());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<PairRow<RowId>> read(String name, String text) throws IOException {
        return read(name, bytes(text), TableOptions.DEFAULT);
    }

    private static List<PairRow<RowId>> read(String name, byte[] bytes, TableOptions options) throws IOException {
        List<PairRow<RowId>> rows = new ArrayList<>();
        Path file = Path.of(name);
        FileFormat.of(file).rows(file, new ByteArrayInputStream(bytes), options).forEachRemaining(rows::add);
        return rows;
    }
}
