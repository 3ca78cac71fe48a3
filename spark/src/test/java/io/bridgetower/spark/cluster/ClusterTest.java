package io.bridgetower.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.Image;
import io.bridgetower.jobs.JobOptions;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a real cluster, of which an executor is killed: {@code mvn verify -Pspark}. */
@Tag("cluster")
class ClusterTest {
    private static final int ROWS = 2000;
    private static final int IMAGES = 100;
    private static final int TASKS = 40;
    private static final Pattern TASK_END =
            Pattern.compile("\"Event\":\"SparkListenerTaskEnd\".*?\"Executor ID\":\"(\\d+)\"");
    private static final Pattern LOADS = Pattern.compile("\"Name\":\"bridgetower\\.loads\",\"Update\":\"?(\\d+)");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void everyRowIsScoredOnceAlthoughAnExecutorIsKilled() throws Exception {
        List<Row> pairs = pairs();
        Path input = directory.resolve("pairs.csv"), output = directory.resolve("scores.parquet");
        StringBuilder csv = new StringBuilder("id,image,text\n");
        for (Row pair : pairs) csv.append(pair.mkString(",")).append('\n');
        Files.writeString(input, csv);
        Path events = Files.createDirectory(directory.resolve("events"));
        try (LocalCluster cluster = new LocalCluster(Files.createDirectory(directory.resolve("cluster")))) {
            Process submit = cluster.submit(List.of(
                    "--conf",
                    "spark.eventLog.enabled=true",
                    "--conf",
                    "spark.eventLog.compress=false",
                    "--conf",
                    "spark.eventLog.dir=" + events.toUri(),
                    LocalSpark.ROOT
                            .resolve("spark/target/bridgetower-spark.jar")
                            .toString(),
                    "score",
                    "--input",
                    input.toString(),
                    "--output",
                    output.toString(),
                    "--images",
                    directory.resolve("images").toString(),
                    "--model",
                    LocalSpark.MODEL,
                    "--partitions",
                    Integer.toString(TASKS)));
            try {
                LocalCluster.await("a task ends", () -> parts(output) > 0 || !submit.isAlive());
                assertTrue(submit.isAlive(), cluster.log("submit"));
                assertTrue(cluster.executors().getFirst().destroyForcibly());
                assertTrue(parts(output) < TASKS / 2, "killed too late");
                assertTrue(submit.waitFor(4, TimeUnit.MINUTES), "did not end");
            } finally {
                submit.destroyForcibly();
            }
            String log = cluster.log("submit");
            assertEquals(0, submit.exitValue(), log);
            assertTrue(log.contains("ExecutorLostFailure") || log.contains("Lost executor"), log);
        }
        checkScores(pairs, output);
        checkLoads(events);
    }

    /** Rows with a text of one of some words, of which one in a hundred has no image. */
    private List<Row> pairs() throws IOException {
        Path images = Files.createDirectory(directory.resolve("images"));
        for (int i = 0; i < IMAGES; i++) {
            RgbImage example = Image.read(LocalSpark.EXAMPLES.resolve("%02d.png".formatted(1 + i % 12)))
                    .pixels();
            byte[] rgb = example.pixels().clone();
            for (int at = 0; at < 3 * (1 + i / 12); at++) rgb[at] ^= (byte) 0xFF;
            Files.write(
                    images.resolve(i + ".png"),
                    Image.of(RgbImage.of(example.width(), example.height(), rgb))
                            .toPng());
        }
        Random random = new Random(29);
        List<Row> pairs = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            String image = i % 100 == 50 ? "none.png" : random.nextInt(IMAGES) + ".png";
            pairs.add(RowFactory.create(i, image, "a text of number " + random.nextInt(300)));
        }
        return pairs;
    }

    private static long parts(Path output) throws IOException {
        if (!Files.exists(output)) return 0;
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .count();
        }
    }

    private void checkScores(List<Row> pairs, Path output) throws IOException {
        Map<Integer, Outcome> expected =
                LocalSpark.expected(JobOptions.of(Task.MATCH), pairs, directory.resolve("images"));
        Set<String> ids = new HashSet<>();
        for (Row row : LocalSpark.session().read().parquet(output.toString()).collectAsList()) {
            assertTrue(ids.add(row.getString(0)), "twice: " + row);
            switch (expected.get(Integer.parseInt(row.getString(0)))) {
                case Outcome.Match match ->
                    assertEquals(
                            RowFactory.create(
                                    row.getString(0), match.probability(), match.noMatch(), match.match(), null),
                            RowFactory.create(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)));
                default -> assertEquals("none.png: no such file", row.getString(4));
            }
        }
        assertEquals(ROWS, ids.size());
    }

    /** Each executor that has ended tasks has loaded one model; the one that was killed, one at the most. */
    private static void checkLoads(Path events) throws IOException {
        Map<String, Integer> loads = new HashMap<>();
        try (Stream<Path> files = Files.walk(events)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher end = TASK_END.matcher(line);
                    if (!end.find()) continue;
                    Matcher load = LOADS.matcher(line);
                    loads.merge(end.group(1), load.find() ? Integer.parseInt(load.group(1)) : 0, Integer::sum);
                }
            }
        }
        assertEquals(3, loads.size(), "two executors, and one in place of the first: " + loads);
        assertTrue(loads.values().stream().allMatch(number -> number <= 1), loads.toString());
        assertTrue(loads.values().stream().filter(number -> number == 1).count() >= 2, loads.toString());
    }
}
