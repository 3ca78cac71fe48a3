package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands in the README and on the pages of {@code docs} run, and print what the pages say. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the pages show commands of Unix shells")
class ReadmeCommandsTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));

    /** Commands that are not run, by how they begin, and why. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "./bridgetower pull BridgeTower/", "downloads gigabytes; cli.HubTest pulls from a server of this machine",
            "./bridgetower score --model BridgeTower/", "needs the downloaded model",
            "./bridgetower bench --model DIR", "DIR stands for a model; cli.BenchTest runs it",
            "mvn -Pbench ", "runs Maven, and measures for minutes",
            "mvn verify", "runs Maven",
            "JAZZER_FUZZ=1 mvn ", "runs Maven, and searches for ten minutes");

    @TempDir
    private Path directory;

    private Process server;

    @Test
    @Timeout(300)
    void commandsRunAndPrintWhatThePagesSay() throws IOException, InterruptedException {
        layOutSourceTree();
        Set<String> excepted = new HashSet<>();
        int compared = 0;
        for (Path page : pages()) {
            for (ShellBlock block : ShellBlock.of(page)) {
                List<String> commands = new ArrayList<>();
                for (String command : block.commands()) {
                    List<String> begin = EXCEPTIONS.keySet().stream()
                            .filter(command::startsWith)
                            .toList();
                    if (begin.isEmpty()) commands.add(command);
                    excepted.addAll(begin);
                }
                if (commands.isEmpty()) continue;
                String printed = run(commands);
                if (block.output() == null) continue;
                assertEquals(block.output(), printed, page + ": " + commands);
                compared++;
            }
        }
        assertEquals(EXCEPTIONS.keySet(), excepted);
        assertEquals(3, compared, "blocks with an output");
        for (String file : List.of("pixels.safetensors", "scores.jsonl", "page.html", "demo-bf16/model.safetensors")) {
            assertTrue(Files.size(directory.resolve(file)) > 0, file);
        }
    }

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            Stream<Path> pages =
                    docs.filter(file -> file.toString().endsWith(".md")).sorted();
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages).toList();
        }
    }

    /** A directory that looks like the source tree, with a launcher that hands commands to the server. */
    private void layOutSourceTree() throws IOException {
        for (String name : List.of("examples", "models/demo")) {
            Path copy = Files.createDirectories(directory.resolve(name));
            try (Stream<Path> files = Files.list(ROOT.resolve(name))) {
                for (Path file : files.toList()) Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path launcher = Files.writeString(directory.resolve("bridgetower"), CommandServer.SCRIPT);
        assertTrue(launcher.toFile().setExecutable(true));
    }

    @BeforeEach
    void startServer() throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", directory.resolve("requests").toString())
                        .start()
                        .waitFor());
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommandServer.class.getName())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server-output").toFile())
                .start();
    }

    @AfterEach
    void endServer() throws InterruptedException {
        server.destroyForcibly().waitFor();
    }

    /** What a shell prints that ends with the first command that fails. */
    private String run(List<String> commands) throws IOException, InterruptedException {
        Path out = directory.resolve("standard-output"), err = directory.resolve("standard-error");
        Process shell = new ProcessBuilder("sh", "-e", "-c", String.join("\n", commands))
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        shell.getOutputStream().close();
        int status = shell.waitFor();
        assertEquals(0, status, () -> commands + ": " + content(err) + content(directory.resolve("server-output")));
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
