package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job of many rows in a process of its own, which is killed. {@code -Dbridgetower.batch.rows=20000} makes it as long as
 * one that people run.
 */
class BatchKillTest {
    private static final int ROWS = Integer.getInteger("bridgetower.batch.rows", 600);
    private static final int IMAGES = Math.max(30, ROWS / 40);
    private static final int KILLS = 2;

    /** For what the JIT compiler and the collector of garbage still take after the first rows. */
    private static final long SLACK_KB = 64 << 10;

    @TempDir
    private Path directory;

    private Path input;

    @BeforeEach
    void write() throws IOException {
        Random random = new Random(11);
        List<Path> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            var image = ImageIO.read(Run.example(1 + i % 12).toFile());
            image.setRGB(random.nextInt(image.getWidth()), random.nextInt(image.getHeight()), random.nextInt());
            Path file = directory.resolve("image%d.png".formatted(i));
            ImageIO.write(image, "png", file.toFile());
            images.add(file.getFileName());
        }
        Files.writeString(directory.resolve("broken.png"), "no image");
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < ROWS; i++) rows.append(row(i, images.get(random.nextInt(IMAGES))));
        input = Files.writeString(directory.resolve("rows.jsonl"), rows);
    }

    /** Every hundredth row is broken, each in another way. */
    private static String row(int id, Path image) {
        String text = "a %s %s".formatted(id % 3 == 0 ? "large" : "small", id % 7 == 0 ? "blue square" : "red circle");
        String good = "{\"id\": %d, \"image\": \"%s\", \"text\": \"%s\"}\n".formatted(id, image, text);
        if (id % 100 != 50) return good;
        return switch (id / 100 % 4) {
            case 0 -> good.replace(image.toString(), "none.png");
            case 1 -> good.replace(image.toString(), "broken.png");
            case 2 -> good.replace("text", "remark");
            default -> good.replace("\"}", "\"");
        };
    }

    @Test
    void killedAndResumedItGivesWhatAnUndisturbedRunGives() throws Exception {
        Path whole = directory.resolve("whole.jsonl"), torn = directory.resolve("torn.jsonl");
        long early = 0, late = 0;
        Process undisturbed = start(whole);
        while (undisturbed.isAlive()) {
            undisturbed.waitFor(50, TimeUnit.MILLISECONDS);
            long kilobytes = residentKilobytes(undisturbed);
            if (checkpoints(whole) < 2) early = Math.max(early, kilobytes);
            else late = Math.max(late, kilobytes);
        }
        assertEquals(3, undisturbed.exitValue(), "rows that failed");
        assertTrue(late <= early + SLACK_KB, "resident memory grows from " + early + " to " + late + " kB");

        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process process = start(torn, "--resume");
            long before = checkpoints(torn);
            while (process.isAlive() && checkpoints(torn) <= before) process.waitFor(10, TimeUnit.MILLISECONDS);
            if (process.isAlive()) killed++;
            process.destroyForcibly().waitFor();
        }
        assertTrue(killed > 0, "one run at least must have been killed");
        assertEquals(3, start(torn, "--resume").waitFor());

        assertEquals(Files.readString(whole), Files.readString(torn));
        List<Map<String, Object>> results = Json.objects("[" + String.join(",", Files.readAllLines(torn)) + "]");
        assertEquals(ROWS, results.size());
        for (int i = 0; i < ROWS; i++) {
            assertEquals(i % 100 == 50, results.get(i).containsKey("error"), "row " + i);
            if (results.get(i).get("id") != null)
                assertEquals((long) i, ((Number) results.get(i).get("id")).longValue());
        }
    }

    private Process start(Path output, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "batch",
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--image-root",
                directory.toString(),
                "--max-memory",
                "64m"));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Lines of the journal after the first. */
    private static long checkpoints(Path output) throws IOException {
        Path journal = output.resolveSibling(output.getFileName() + ".journal");
        if (!Files.exists(journal)) return 0;
        return Math.max(
                0, Files.readString(journal).chars().filter(c -> c == '\n').count() - 1);
    }

    /** Where the system does not tell, 0. */
    private static long residentKilobytes(Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) return 0;
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            // It has just ended.
            return 0;
        }
    }
}
