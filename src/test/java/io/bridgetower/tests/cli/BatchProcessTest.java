package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower batch} and {@code index} in processes of their own: beside others, interrupted, on a full disk. */
@Timeout(600)
class BatchProcessTest {
    private static final int ROWS = 20_000;

    @TempDir
    private Path directory;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals that stop a process for a while")
    void aSecondJobIsRefusedAndTheFirstGoesOn() throws Exception {
        Path input = rows("in.jsonl", 0), other = rows("other.jsonl", ROWS), output = directory.resolve("out.jsonl");
        Process first = start("first", batch(input, output));
        awaitCheckpoint(first, output);
        // However fast it is, it does not end meanwhile.
        signal(first, "STOP");
        Process second = start("second", batch(other, output, "--force"));
        assertEquals(1, second.waitFor(), log("second"));
        String refused = "out.jsonl.journal: another job is writing this output: wait until it has ended";
        assertTrue(log("second").contains(refused), log("second"));
        Run.of(batch(other, output).toArray()).fails(refused);
        Run.of(batch(other, output, "--resume").toArray()).fails(refused);
        Run.of(batch(other, output, "--force").toArray()).fails(refused);
        assertTrue(first.isAlive(), log("first"));
        signal(first, "TERM");
        signal(first, "CONT");
        assertNotEquals(0, first.waitFor());
        assertTrue(log("first").contains("interrupted; the same command with --resume goes on"), log("first"));
        long kept = Files.size(part(output));
        assertTrue(kept > 0);
        Run.of(batch(other, output, "--resume").toArray()).fails("out.jsonl.journal: input: ", "--force starts anew");
        assertEquals(kept, Files.size(part(output)));
    }

    @Test
    void jobsThatStartTogetherDoNotMixTheirResults() throws Exception {
        Path output = directory.resolve("out.jsonl");
        Path[] inputs = {rows("a.jsonl", 0, 300), rows("b.jsonl", 1000, 300)};
        Process[] jobs = new Process[2];
        for (int i = 0; i < 2; i++) jobs[i] = start("job" + i, batch(inputs[i], output, "--force"));
        List<Integer> whole = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            if (jobs[i].waitFor() == 0) whole.add(i);
            else assertTrue(log("job" + i).contains("another job is writing this output"), log("job" + i));
        }
        assertFalse(whole.isEmpty());
        List<String> lines = Files.readAllLines(output);
        assertEquals(300, lines.size());
        boolean ofTheSecond = lines.getFirst().startsWith("{\"id\":1000,");
        assertTrue(whole.contains(ofTheSecond ? 1 : 0), lines.getFirst());
        int from = ofTheSecond ? 1000 : 0;
        for (int i = 0; i < 300; i++) assertTrue(lines.get(i).startsWith("{\"id\":" + (from + i) + ","), lines.get(i));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no limit on the size of files")
    void aDiskThatIsFullIsNamedAndTheJobGoesOnWhenThereIsRoom() throws Exception {
        Path input = rows("in.jsonl", 0, 400),
                output = directory.resolve("out.jsonl"),
                whole = directory.resolve("whole.jsonl");
        Process full = startWithSmallFiles("full", batch(input, output));
        assertEquals(1, full.waitFor(), log("full"));
        assertTrue(log("full").contains("out.jsonl.part: "), log("full"));
        assertTrue(log("full").contains("; the same command with --resume goes on from here"), log("full"));
        assertFalse(Files.exists(output));
        Run.of(batch(input, output, "--resume").toArray()).succeeds();
        Run.of(batch(input, whole).toArray()).succeeds();
        assertEquals(Files.readString(whole), Files.readString(output));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no limit on the size of files")
    void otherCommandsNameTheFileOnAFullDiskToo() throws Exception {
        Path page = directory.resolve("page.html");
        List<String> explain = List.of(
                "explain", "--image", Run.example(1).toString(), "--text", "a star", "--output", page.toString());
        assertEquals(1, startWithSmallFiles("explain", explain).waitFor());
        assertTrue(log("explain").contains("page.html: "), log("explain"));
        assertFalse(Files.exists(page));
        Path index = directory.resolve("index"), captions = directory.resolve("captions.txt");
        Files.write(
                captions, IntStream.range(0, 300).mapToObj(i -> i + " stars").toList());
        List<String> indexing = List.of("index", "--input", captions.toString(), "--output", index.toString());
        assertEquals(1, startWithSmallFiles("index", indexing).waitFor());
        assertTrue(log("index").contains(index + ": "), log("index"));
        Run.of(indexing.toArray()).succeeds();
    }

    @Test
    void aPartOfAJobIsNotTakenForNothing() throws IOException {
        Path input = rows("in.jsonl", 0, 10), output = directory.resolve("out.jsonl");
        Files.writeString(part(output), "{\"id\":0}\n");
        Run.of(batch(input, output).toArray()).fails("out.jsonl.part: exists already", "--resume goes on, --force");
        Run.of(batch(input, output, "--resume").toArray())
                .fails("out.jsonl.part: cannot be resumed without", "out.jsonl.journal", "; --force starts anew");
        assertEquals("{\"id\":0}\n", Files.readString(part(output)));
        assertFalse(Files.exists(output));
        Run.of(batch(input, output, "--force").toArray()).succeeds();
        assertEquals(10, Files.readAllLines(output).size());
    }

    private Path rows(String name, int from) throws IOException {
        return rows(name, from, ROWS);
    }

    private Path rows(String name, int from, int count) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append("{\"id\": %d, \"image\": \"%s\", \"text\": \"%d stars\"}\n"
                    .formatted(from + i, Run.example(1 + i % 12), i % 50));
        }
        return Files.writeString(directory.resolve(name), rows);
    }

    private static List<String> batch(Path input, Path output, String... more) {
        List<String> command =
                new ArrayList<>(List.of("batch", "--input", input.toString(), "--output", output.toString()));
        command.addAll(List.of(more));
        return command;
    }

    private Process start(String log, List<String> arguments) throws IOException {
        return start(log, List.of(), arguments);
    }

    /** No file may become larger than some kilobytes. Where it would, writing fails as on a disk that is full. */
    private Process startWithSmallFiles(String log, List<String> arguments) throws IOException {
        return start(log, List.of("sh", "-c", "ulimit -f 16; exec \"$@\"", "sh"), arguments);
    }

    private Process start(String log, List<String> before, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log + ".log").toFile())
                .start();
    }

    private String log(String name) throws IOException {
        return Files.readString(directory.resolve(name + ".log"));
    }

    private void awaitCheckpoint(Process process, Path output) throws Exception {
        Path journal = output.resolveSibling(output.getFileName() + ".journal");
        while (!Files.exists(journal) || Files.readAllLines(journal).size() < 2) {
            assertFalse(process.waitFor(10, TimeUnit.MILLISECONDS), "ended already");
        }
    }

    private static void signal(Process process, String signal) throws Exception {
        ProcessBuilder kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()));
        assertEquals(0, kill.start().waitFor());
    }

    private static Path part(Path output) {
        return output.resolveSibling(output.getFileName() + ".part");
    }
}
