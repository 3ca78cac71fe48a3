package io.bridgetower.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.Filled;
import io.bridgetower.jobs.JobOptions;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What transformers compute, held against a job on one machine. */
class TransformTest {
    private static final String TEXT = "a large blue square, %d";

    private static BridgeTowerScorer scorer() {
        return new BridgeTowerScorer()
                .setModel(LocalSpark.MODEL)
                .setImageRoot(LocalSpark.EXAMPLES.toUri().toString())
                .setSecondsPerPair(0.001)
                .setSecondsPerImage(0.001);
    }

    private static BridgeTowerEmbedder embedder(String task) {
        return new BridgeTowerEmbedder()
                .setModel(LocalSpark.MODEL)
                .setImageRoot(LocalSpark.EXAMPLES.toUri().toString())
                .setTask(task)
                .setPartitions(3);
    }

    @Test
    void scoresHaveTheBitsOfAJobAndEachImageIsEncodedOnce() throws IOException, TimeoutException {
        List<Row> pairs = LocalSpark.pairs(200, TEXT);
        Map<Integer, Outcome> expected = LocalSpark.expected(JobOptions.of(Task.MATCH), pairs);
        try (StageCounters counters = new StageCounters(LocalSpark.session().sparkContext())) {
            checkScores(expected, scorer().transform(LocalSpark.table(pairs)));
            assertEquals(200, counters.of("pairs"));
            assertEquals(12, counters.of("encodings"));
            assertEquals(20, counters.of("errors"));
            assertTrue(counters.of("seconds") > 0);
            assertEquals(0, counters.of("loads"), "the driver's model is shared");
        }
    }

    private static void checkScores(Map<Integer, Outcome> expected, Dataset<Row> scored) {
        Set<Integer> ids = new HashSet<>();
        for (Row row : scored.collectAsList()) {
            int id = row.getAs("id");
            assertTrue(ids.add(id), "twice: " + id);
            Row score = row.getAs("score");
            switch (expected.get(id)) {
                case Outcome.Match match -> {
                    assertEquals(match.probability(), score.getDouble(0));
                    assertEquals(List.of(match.noMatch(), match.match()), score.getList(1));
                    assertNull(score.get(2));
                }
                case Outcome.Failed _ -> {
                    assertNull(score.get(0));
                    assertNull(score.get(1));
                    assertNotNull(score.get(2));
                }
                default -> throw new AssertionError(expected.get(id));
            }
        }
        assertEquals(expected.keySet(), ids);
    }

    @Test
    void missingImagesHaveTheErrorOfAJob() throws IOException {
        List<Row> pairs = LocalSpark.pairs(10, TEXT);
        Row last = scorer().transform(LocalSpark.table(pairs))
                .filter("id = 9")
                .select("score.error")
                .first();
        assertEquals("none.png: no such file", last.getString(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"content", "binaryFile", "image"})
    void imagesMayBeFilesAndRowsOfSparksSources(String form) throws IOException {
        List<Row> pairs = LocalSpark.pairs(9, TEXT);
        Dataset<Row> table;
        if (form.equals("content")) {
            List<Row> contents = new ArrayList<>();
            for (Row pair : pairs) {
                contents.add(
                        RowFactory.create(pair.getInt(0), LocalSpark.content(pair.getString(1)), pair.getString(2)));
            }
            table = LocalSpark.table(contents, DataTypes.BinaryType);
        } else {
            Dataset<Row> files = LocalSpark.session()
                    .read()
                    .format(form)
                    .option("pathGlobFilter", "*.png")
                    .load(LocalSpark.EXAMPLES.toString());
            String path = form.equals("image") ? "image.origin" : "path";
            files = form.equals("image")
                    ? files
                    : files.select(functions.struct("path", "content").alias("image"), functions.col("path"));
            table = LocalSpark.table(pairs)
                    .withColumnRenamed("image", "name")
                    .join(files, functions.expr("endswith(" + path + ", name)"))
                    .select("id", "image", "text");
        }
        checkScores(LocalSpark.expected(JobOptions.of(Task.MATCH), pairs), scorer().transform(table));
    }

    @Test
    void aBrokenImageFailsAlone() {
        byte[] cut = Arrays.copyOf(LocalSpark.content("02.png"), 100);
        List<Row> rows = List.of(
                RowFactory.create(1, cut, "a star"),
                RowFactory.create(2, null, "a star"),
                RowFactory.create(3, LocalSpark.content("02.png"), null),
                RowFactory.create(4, "no image".getBytes(StandardCharsets.UTF_8), "a star"),
                RowFactory.create(5, LocalSpark.content("02.png"), "a star"));
        List<Row> errors = scorer().transform(LocalSpark.table(rows, DataTypes.BinaryType))
                .orderBy("id")
                .select("score.error")
                .collectAsList();
        assertTrue(errors.get(0).getString(0).startsWith("sha256:"), errors.toString());
        assertEquals("no image", errors.get(1).getString(0));
        assertEquals("no text", errors.get(2).getString(0));
        assertTrue(errors.get(3).getString(0).startsWith("sha256:"), errors.toString());
        assertNull(errors.get(4).getString(0));
    }

    @Test
    void rowsWithErrorsAreDroppedOrFailAsWanted() {
        Dataset<Row> table = LocalSpark.table(LocalSpark.pairs(20, TEXT));
        assertEquals(18, scorer().setOnError("drop").transform(table).count());
        var failure = assertThrows(
                Exception.class,
                () -> scorer().setOnError("fail").transform(table).collectAsList());
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        assertTrue(cause.getMessage().contains("onError is fail: none.png: no such file"), cause.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "text", "pair"})
    void vectorsHaveTheBitsOfAJob(String task) throws IOException {
        List<Row> pairs = LocalSpark.pairs(30, TEXT);
        Task jobTask = embedder(task).jobTask();
        Map<Integer, Outcome> expected = LocalSpark.expected(JobOptions.of(jobTask), pairs);
        List<Row> embedded =
                embedder(task).transform(LocalSpark.table(pairs)).orderBy("id").collectAsList();
        assertEquals(30, embedded.size());
        for (Row row : embedded) {
            switch (expected.get(row.<Integer>getAs("id"))) {
                case Outcome.Embedding of -> {
                    assertEquals(of, new Outcome.Embedding(floats(row.getList(row.fieldIndex("embedding")))));
                    assertNull(row.getAs("embedding_error"));
                }
                case Outcome failed -> {
                    assertInstanceOf(Outcome.Failed.class, failed);
                    assertNull(row.getAs("embedding"));
                    assertEquals("none.png: no such file", row.getAs("embedding_error"));
                }
            }
        }
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = values.get(i);
        return floats;
    }

    @Test
    void gapsAreFilledAndContrastiveScoresComputed() throws IOException {
        List<Row> pairs = LocalSpark.pairs(9, "a <mask> blue <mask>, %d");
        Map<Integer, Outcome> expected =
                LocalSpark.expected(JobOptions.of(Task.FILL).withTop(3), pairs);
        Map<Integer, Outcome> similar = LocalSpark.expected(JobOptions.of(Task.CONTRASTIVE), pairs);
        Dataset<Row> filled = new BridgeTowerFiller()
                .setModel(LocalSpark.MODEL)
                .setImageRoot(LocalSpark.EXAMPLES.toString())
                .setPartitions(2)
                .setTop(3)
                .transform(LocalSpark.table(pairs));
        for (Row row : scorer().setTask("contrastive").transform(filled).collectAsList()) {
            Outcome.Completed completed = (Outcome.Completed) expected.get(row.<Integer>getAs("id"));
            Row found = row.getAs("filled");
            assertEquals(completed.text(), found.getString(0));
            List<Row> masks = found.getList(1);
            assertEquals(2, masks.size());
            for (int i = 0; i < 2; i++) {
                Filled mask = completed.masks().get(i);
                assertEquals(mask.token(), masks.get(i).getInt(0));
                List<Row> words = masks.get(i).getList(1);
                assertEquals(
                        mask.words().stream()
                                .map(word -> RowFactory.create(word.text(), word.probability()))
                                .toList()
                                .toString(),
                        words.toString());
            }
            Row score = row.getAs("score");
            assertEquals(similar.get(row.<Integer>getAs("id")), new Outcome.Similarity(score.getDouble(0)));
        }
    }

    @Test
    void aKeyWithMoreThanItsShareIsSplitAndTheOthersStayTogether() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 400; i++) rows.add(RowFactory.create(i, i < 200 ? "large" : "small " + i / 4, "text " + i));
        Dataset<Row> table = LocalSpark.table(rows);
        List<Row> keys = new Grouping(
                        table, functions.xxhash64(table.col("image")), functions.xxhash64(table.col("text")))
                .apply(count -> {
                    assertEquals(new Grouping.Count(400, 51), count);
                    return 8;
                })
                .withColumn("partition", functions.spark_partition_id())
                .groupBy("image")
                .agg(functions.count_distinct(functions.col("partition")).alias("partitions"))
                .collectAsList();
        assertEquals(51, keys.size());
        for (Row key : keys) {
            long partitions = key.getAs("partitions");
            assertTrue(key.getString(0).equals("large") ? partitions >= 2 : partitions == 1, key.toString());
        }
    }

    @Test
    void tasksComeFromTheWorkNotFromBytes() {
        Cost cost = new Cost(0.1, 0.5);
        assertEquals(1, cost.tasks(new Grouping.Count(100, 10), 450, 1));
        assertEquals(
                Math.ceilDiv(100_000_000 + 50_000_000, 450),
                cost.tasks(new Grouping.Count(1_000_000_000, 100_000_000), 450, 1));
        assertEquals(34, cost.tasks(new Grouping.Count(100_000, 10_000), 450, 1));
        assertEquals(17, cost.tasks(new Grouping.Count(100_000, 10_000), 450, 2));
        assertEquals(new Cost(0.1, 2), cost.orElse(0, 2));
    }

    @Test
    void costIsMeasuredWhereNothingIsGiven() {
        Dataset<Row> scored = scorer().setSecondsPerPair(0)
                .setSecondsPerImage(0)
                .transform(LocalSpark.table(LocalSpark.pairs(5, TEXT)));
        assertEquals(LocalSpark.TASKS, scored.javaRDD().getNumPartitions());
    }

    @Test
    void aStreamIsScoredToItsEnd(@TempDir Path directory) throws Exception {
        List<Row> pairs = LocalSpark.pairs(30, TEXT);
        String input = directory.resolve("in").toString(),
                output = directory.resolve("out").toString();
        LocalSpark.table(pairs).write().parquet(input);
        Dataset<Row> stream = LocalSpark.session()
                .readStream()
                .schema(LocalSpark.table(pairs).schema())
                .parquet(input);
        scorer().transform(stream)
                .writeStream()
                .format("parquet")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(output)
                .awaitTermination();
        checkScores(
                LocalSpark.expected(JobOptions.of(Task.MATCH), pairs),
                LocalSpark.session().read().parquet(output));
    }

    @Test
    void anotherModelThanTheDriversIsAnError(@TempDir Path directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(LocalSpark.MODEL))) {
            for (Path file : files.toList()) Files.copy(file, directory.resolve(file.getFileName()));
        }
        Dataset<Row> scored = scorer().setModel(directory.toString())
                .setPartitions(1)
                .transform(LocalSpark.table(LocalSpark.pairs(3, TEXT)));
        Path weights = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        var failure = assertThrows(Exception.class, scored::collectAsList);
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        assertTrue(
                cause.getMessage().matches("(?s).*expected the driver's model [0-9a-f]{64}, found [0-9a-f]{64}.*"),
                cause.toString());
    }
}
