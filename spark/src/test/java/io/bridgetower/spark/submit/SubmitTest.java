package io.bridgetower.spark.submit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.jobs.JobOptions;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.spark.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the jar, in the session of the tests. */
class SubmitTest {
    private final List<Row> pairs = LocalSpark.pairs(40, "a \"large\" square, %d");

    @TempDir
    private Path directory;

    @BeforeEach
    void writeInput() {
        LocalSpark.table(pairs).write().parquet(path("pairs.parquet"));
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    /** What a command that must end with a code says. */
    private static String run(int code, Object... args) {
        PrintStream stderr = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int found = Main.execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
            assertEquals(code, found, said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(stderr);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private Object[] score(String input, String output, Object... more) {
        Stream<Object> args = Stream.of(
                "score",
                "--input",
                path(input),
                "--output",
                path(output),
                "--model",
                LocalSpark.MODEL,
                "--images",
                LocalSpark.EXAMPLES,
                "--partitions",
                4);
        return Stream.concat(args, Arrays.stream(more)).toArray();
    }

    private void checkScores(List<Row> found) throws IOException {
        Map<Integer, Outcome> expected = LocalSpark.expected(JobOptions.of(Task.MATCH), pairs);
        assertEquals(40, found.size());
        for (int i = 0; i < 40; i++) {
            Row row = found.get(i);
            assertEquals(Integer.toString(i), row.get(0).toString());
            switch (expected.get(i)) {
                case Outcome.Match match ->
                    assertEquals(
                            List.of(
                                    Double.toString(match.probability()),
                                    Float.toString(match.noMatch()),
                                    Float.toString(match.match())),
                            List.of(
                                    row.get(1).toString(),
                                    row.get(2).toString(),
                                    row.get(3).toString()));
                default -> assertEquals("none.png: no such file", row.getString(4));
            }
        }
    }

    @Test
    void aRunThatWasBrokenOffGoesOnWithWhatIsMissing() throws IOException {
        assertEquals(path("out.parquet") + ": 40 rows, 4 failed\n", run(0, score("pairs.parquet", "out.parquet")));
        assertEquals(
                "bridgetower: " + path("out.parquet") + ": exists already; --resume goes on\n",
                run(1, score("pairs.parquet", "out.parquet")));
        List<Path> parts;
        try (Stream<Path> files = Files.list(directory.resolve("out.parquet"))) {
            parts = files.filter(file -> file.getFileName().toString().matches("part-.*parquet"))
                    .toList();
        }
        assertTrue(parts.size() >= 2);
        long lost =
                LocalSpark.session().read().parquet(parts.getFirst().toString()).count();
        assertTrue(lost > 0 && lost < 40);
        Files.delete(parts.getFirst());
        Files.delete(directory.resolve("out.parquet/_SUCCESS"));
        String said = run(0, score("pairs.parquet", "out.parquet", "--resume"));
        assertTrue(said.startsWith(path("out.parquet") + ": " + lost + " rows, "), said);
        checkScores(LocalSpark.session()
                .read()
                .parquet(path("out.parquet"))
                .orderBy("id")
                .collectAsList());
    }

    @Test
    void csvAndJsonComeInAndGoOut() throws IOException {
        LocalSpark.table(pairs)
                .coalesce(1)
                .write()
                .option("header", true)
                .option("escape", "\"")
                .csv(path("pairs.csv"));
        LocalSpark.table(pairs).write().json(path("pairs.jsonl"));
        run(0, score("pairs.csv", "out.csv"));
        checkScores(LocalSpark.session()
                .read()
                .option("header", true)
                .csv(path("out.csv"))
                .orderBy(org.apache.spark.sql.functions.expr("int(id)"))
                .collectAsList());
        run(0, score("pairs.csv", "out.csv", "--resume"));
        assertEquals(
                40,
                LocalSpark.session()
                        .read()
                        .option("header", true)
                        .csv(path("out.csv"))
                        .count());
        run(0, score("pairs.jsonl", "out.json", "--task", "contrastive", "--on-error", "drop"));
        assertEquals(
                36,
                LocalSpark.session()
                        .read()
                        .json(path("out.json"))
                        .filter("similarity is not null")
                        .count());
        run(
                0,
                "embed",
                "--input",
                path("pairs.parquet"),
                "--output",
                path("vectors.csv"),
                "--model",
                LocalSpark.MODEL,
                "--task",
                "text");
        Row first = LocalSpark.session()
                .read()
                .option("header", true)
                .option("escape", "\"")
                .csv(path("vectors.csv"))
                .first();
        assertTrue(first.getString(1).matches("\\[-?[0-9.eE-]+(,-?[0-9.eE-]+)+]"), first.toString());
    }

    @Test
    void mistakesAreToldInOneLine() {
        String usage = run(2, "score", "--input", "x.parquet");
        assertTrue(usage.startsWith("Missing required options: '--output=PATH', '--model=MODEL'"), usage);
        assertTrue(run(2).startsWith("expected a command: score or embed"));
        assertEquals(
                "bridgetower: " + path("out.txt")
                        + ": expected a path that ends in .parquet, .csv, .json or .jsonl; or name the format\n",
                run(1, score("pairs.parquet", "out.txt")));
        assertEquals(
                "bridgetower: " + path("pairs.parquet") + ": expected the column key of ids, found id, image, text\n",
                run(1, score("pairs.parquet", "out.parquet", "--id-column", "key")));
        assertEquals(
                "bridgetower: textCol: expected the column caption, found id, image, text\n",
                run(1, score("pairs.parquet", "out.parquet", "--text-column", "caption")));
        String missing = run(1, score("none.parquet", "out.parquet"));
        assertTrue(missing.contains("none.parquet") && missing.lines().count() == 1, missing);
        assertFalse(Files.exists(directory.resolve("out.parquet")));
    }
}
