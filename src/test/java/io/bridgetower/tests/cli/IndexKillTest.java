package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.bridgetower.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexing in a process of its own, which is killed. */
class IndexKillTest {
    private static final int IMAGES = 900;
    private static final Pattern COUNT = Pattern.compile("\"images\" : (\\d+)");
    private static final int ATTEMPTS = 5;

    @TempDir
    private Path directory;

    private Path images;

    @BeforeEach
    void write() throws IOException {
        images = Files.createDirectory(directory.resolve("images"));
        Random random = new Random(17);
        for (int i = 0; i < IMAGES; i++) {
            var image = ImageIO.read(Run.example(1 + i % 12).toFile());
            for (int j = 0; j < 50; j++) {
                image.setRGB(random.nextInt(image.getWidth()), random.nextInt(image.getHeight()), random.nextInt());
            }
            ImageIO.write(
                    image, "png", images.resolve("image%d.png".formatted(i)).toFile());
        }
    }

    @Test
    void killedAndTakenUpItHoldsWhatAnUndisturbedIndexHolds() throws Exception {
        Path whole = directory.resolve("whole"), torn = directory.resolve("torn");
        Run.of("index", "--image", images, "--output", whole).succeeds();

        int there = killInTheMiddle(torn);
        Run rest = Run.of("index", "--image", images, "--output", torn);
        rest.succeeds();
        assertTrue(
                rest.err().contains("%d images added, %d there before, 0 skipped".formatted(IMAGES - there, there)),
                rest.err());
        assertEquals(search(whole), search(torn));
        assertEquals(Files.readString(whole.resolve("manifest.json")), Files.readString(torn.resolve("manifest.json")));
    }

    /** Kills a run that has committed something; how many images it has left. */
    private int killInTheMiddle(Path index) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Process process = start(index);
            while (process.isAlive() && count(index) == 0) process.waitFor(5, TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            long told = count(index);
            int there = search(index).size();
            // It may have died between a commit and the manifest that tells of it.
            assertTrue(told > 0 && there >= told, there + " images, of which the manifest knows " + told);
            if (there < IMAGES) return there;
            // This process was not scheduled for so long that the other one has ended.
            delete(index);
        }
        return fail("no run could be killed before its end");
    }

    private static void delete(Path index) throws IOException {
        try (Stream<Path> files = Files.walk(index)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private static List<?> search(Path index) throws IOException {
        return Json.objects(
                Run.of("search", "--index", index, "--text", "two orange stars", "--top", 2 * IMAGES, "--json")
                        .succeeds());
    }

    private Process start(Path index) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "index",
                        "--image",
                        images.toString(),
                        "--output",
                        index.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Images that the manifest tells of. */
    private static long count(Path index) throws IOException {
        Path manifest = index.resolve("manifest.json");
        if (!Files.exists(manifest)) return 0;
        Matcher count = COUNT.matcher(Files.readString(manifest));
        assertTrue(count.find());
        return Long.parseLong(count.group(1));
    }
}
