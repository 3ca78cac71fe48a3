package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower batch} on the demo model, in this process. */
class BatchTest {
    private static final Path EXAMPLES = Run.ROOT.resolve("examples");

    @TempDir
    private Path directory;

    @Test
    void scoresAreThoseOfTheScoreCommand() throws IOException {
        String text = "a black square and a yellow cross";
        Path input = write("in.jsonl", row("1", "01.png", text) + row("2", "02.png", text));
        Run run = batch(input, "out.jsonl");
        run.succeeds();
        assertTrue(run.err().contains("out.jsonl: 2 rows, 0 failed\n"), run.err());
        List<Map<String, Object>> scores = Json.objects(Run.of(
                        "score",
                        "--json",
                        "--image",
                        EXAMPLES.resolve("01.png"),
                        EXAMPLES.resolve("02.png"),
                        "--text",
                        text)
                .succeeds());
        List<Map<String, Object>> results = results("out.jsonl");
        for (int i = 0; i < 2; i++) {
            assertEquals(scores.get(i).get("logits"), results.get(i).get("logits"));
            assertEquals(scores.get(i).get("probability"), results.get(i).get("probability"));
        }
    }

    @Test
    void gapsAreFilledAsByTheFillCommand() throws IOException {
        Path input = write("in.jsonl", row("1", "03.png", "four <mask> stars"));
        batch(input, "out.jsonl", "--task", "fill").succeeds();
        Map<String, Object> filled = Json.objects("["
                        + Run.of("fill", "--json", "--image", EXAMPLES.resolve("03.png"), "--text", "four <mask> stars")
                                .succeeds()
                        + "]")
                .getFirst();
        Map<String, Object> result = results("out.jsonl").getFirst();
        assertEquals(filled.get("completed"), result.get("completed"));
        assertEquals(filled.get("masks"), result.get("masks"));
    }

    @Test
    void failedRowsAreCountedInTheExitCodeAndTheSummary() throws IOException {
        Path input = write("in.jsonl", row("1", "01.png", "a star") + "{oops\n" + row("3", "none.png", "a star"));
        Run run = batch(input, "out.jsonl", "--threads", 1, "--max-memory", "50m");
        assertEquals(3, run.code(), run.err());
        assertTrue(run.err().contains("out.jsonl: 3 rows, 2 failed\n"), run.err());
        assertEquals(3, results("out.jsonl").size());
        assertEquals(3, batch(input, "out.jsonl", "--resume").code());
        assertTrue(batch(input, "out.jsonl", "--resume").err().contains("3 rows, 2 failed"));
    }

    /** The tables that spreadsheets and Python's libraries write. */
    @Test
    void tablesAreReadAsPeopleHaveThem() throws IOException {
        String text = "a black square and a yellow cross";
        batch(write("in.csv", "id,image,text\n1,01.png," + text + "\n"), "expected.csv")
                .succeeds();
        String expected = Files.readString(directory.resolve("expected.csv"));
        batch(write("in.tsv", "Image\tText\n01.png\t" + text + "\n"), "a.csv").succeeds();
        batch(write("excel.csv", "\uFEFFimage_path;caption\r\n01.png;\"" + text + "\"\r\n"), "b.csv")
                .succeeds();
        batch(write("in.jsonl", "{\"filepath\": \"./01.png\", \"sentence\": \"" + text + "\"}\n"), "c.csv")
                .succeeds();
        String image = EXAMPLES.resolve("01.png").toUri().toString();
        batch(write("urls.csv", "image,text\n" + image + "," + text + "\n"), "d.csv")
                .succeeds();
        String data = Base64.getEncoder().encodeToString(Files.readAllBytes(EXAMPLES.resolve("01.png")));
        Path quoted = write("quoted.csv", "image;text\n\"data:image/png;base64," + data + "\";" + text + "\n");
        batch(quoted, "e.csv").succeeds();
        Path columns = write("columns.csv", "left,right,caption,German\nnone.png,01.png,no," + text + "\n");
        batch(columns, "f.csv", "--image-column", "right", "--text-column", "German")
                .succeeds();
        for (String output : List.of("a.csv", "b.csv", "c.csv", "d.csv", "e.csv", "f.csv")) {
            assertEquals(expected, Files.readString(directory.resolve(output)));
        }
        batch(write("in.csv", "id,image,text\n1,01.png," + text + "\n"), "out.tsv")
                .succeeds();
        assertEquals(expected.replace(',', '\t'), Files.readString(directory.resolve("out.tsv")));
    }

    @Test
    void anEncodingIsFoundOrNamed() throws IOException {
        Charset windows = Charset.forName("windows-1252");
        String table = "image;caption\r\n01.png;un carré noir\r\n";
        Path input = Files.write(directory.resolve("in.csv"), table.getBytes(windows));
        assertEquals(3, batch(input, "a.jsonl").code());
        assertEquals("line 2: not valid UTF-8", results("a.jsonl").getFirst().get("error"));
        batch(input, "b.csv", "--encoding", "windows-1252").succeeds();
        Path wide = Files.write(directory.resolve("wide.csv"), ("\uFEFF" + table).getBytes(StandardCharsets.UTF_16LE));
        batch(wide, "c.csv").succeeds();
        assertEquals(Files.readString(directory.resolve("b.csv")), Files.readString(directory.resolve("c.csv")));
        batch(input, "d.csv", "--encoding", "windows-0").isMisuse("--encoding", "windows-0");
    }

    @Test
    void textsAreCutOffWhereTheOptionsSay() throws IOException {
        String cut = "a black square", more = cut + " and a yellow cross";
        Path input = write("in.jsonl", row("1", "01.png", more + " and".repeat(100)));
        assertEquals(3, batch(input, "a.jsonl").code());
        batch(input, "b.jsonl", "--truncate").succeeds();
        batch(input, "c.jsonl", "--max-length", 64).succeeds();
        assertEquals(results("b.jsonl"), results("c.jsonl"));
        batch(input, "d.jsonl", "--max-length", 5, "--truncate").isMisuse("--truncate", "--max-length");
        batch(input, "d.jsonl", "--max-length", 5).succeeds();
        Path shorter = write("short.jsonl", row("1", "01.png", cut));
        batch(shorter, "e.jsonl").succeeds();
        assertEquals(results("e.jsonl"), results("d.jsonl"));
        batch(input, "f.jsonl", "--max-length", 65).fails("max length: the model reads 64 tokens at most, found 65");
        batch(input, "f.jsonl", "--max-length", 2).isMisuse("--max-length");
        batch(input, "d.jsonl", "--max-length", 6, "--resume").fails("d.jsonl.journal: truncate");
        Object image = EXAMPLES.resolve("01.png");
        for (String command : List.of("score", "embed")) {
            String expected =
                    Run.of(command, "--json", "--image", image, "--text", cut).succeeds();
            Run found = Run.of(command, "--json", "--image", image, "--text", more, "--max-length", 5);
            assertEquals(expected, found.succeeds().replace(more, cut));
            Run.of(command, "--image", image, "--text", more, "--max-length", 65)
                    .fails("max length", "64", "65");
            Run.of(command, "--image", image, "--text", more, "--max-length", 0).isMisuse("--max-length");
        }
    }

    @Test
    void whatIsThereIsNotOverwrittenUnasked() throws IOException {
        Path input = write("in.csv", "id,image,text\n1,01.png,a star\n"), old = write("out.csv", "precious\n");
        batch(input, "out.csv").fails("out.csv: exists already", "--force");
        batch(input, "out.csv", "--resume").fails("out.csv: exists already", "--force");
        assertEquals("precious\n", Files.readString(old));
        batch(input, "out.csv", "--force").succeeds();
        assertTrue(Files.readString(old).startsWith("id,probability,"));
        batch(input, "out.csv", "--resume", "--task", "contrastive")
                .fails("out.csv.journal: task: the job that began here had match, this one has contrastive");
    }

    @Test
    void wrongCallsAreOneLine() throws IOException {
        Path input = write("in.jsonl", row("1", "01.png", "a star"));
        batch(input, "out.txt").fails("out.txt", ".jsonl or .csv");
        batch(directory.resolve("none.jsonl"), "out.csv").fails("none.jsonl", "no such file");
        batch(input, "none/out.csv").fails("none/out.csv", "there is no directory");
        batch(write("in.csv", "a,b\n"), "out.csv").fails("in.csv", "expected columns id, image and text");
        batch(input, "out.csv", "--max-memory", "1k").fails("expected at least", "for this model");
        batch(input, "out.csv", "--max-memory", "much").isMisuse("500m or 2g");
        batch(input, "out.csv", "--task", "paint").isMisuse("paint");
        batch(input, "out.csv", "--resume", "--force").isMisuse("exclude each other");
        assertFalse(Files.exists(directory.resolve("out.csv")));
    }

    private Run batch(Path input, String output, Object... more) {
        Object[] args = new Object[7 + more.length];
        List<Object> first =
                List.of("batch", "--input", input, "--output", directory.resolve(output), "--image-root", EXAMPLES);
        System.arraycopy(first.toArray(), 0, args, 0, 7);
        System.arraycopy(more, 0, args, 7, more.length);
        return Run.of(args);
    }

    private List<Map<String, Object>> results(String output) throws IOException {
        return Json.objects("[" + String.join(",", Files.readAllLines(directory.resolve(output))) + "]");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String row(String id, String image, String text) {
        return "{\"id\": %s, \"image\": \"%s\", \"text\": \"%s\"}\n".formatted(id, image, text);
    }
}
