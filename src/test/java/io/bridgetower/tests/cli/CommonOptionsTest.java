package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands have in common. */
class CommonOptionsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "score",
                "fill",
                "ask",
                "entail",
                "compare",
                "evaluate",
                "embed",
                "batch",
                "index",
                "search",
                "explain",
                "forward",
                "info",
                "bench",
                "init",
                "tokenize",
                "preprocess",
                "pull",
                "convert",
                "completion"
            })
    void helpTellsOptionsAndExitCodes(String command) {
        String help = Run.of(command, "--help").succeeds();
        assertTrue(help.startsWith("Usage: bridgetower " + command + " [-hV]"), help);
        for (String part : List.of("--quiet", "--verbose", "Exit codes:\n  0   Success", "\n  1   ", "\n  2   ")) {
            assertTrue(help.contains(part), () -> "no " + part + " in: " + help);
        }
        boolean leavesOut = List.of("batch", "index", "search").contains(command);
        assertEquals(leavesOut, help.contains("\n  3   "), help);
    }

    @Test
    void outputsCanBeForcedWhereTheyAreWritten() {
        for (String command : List.of("embed", "batch", "explain", "forward", "init", "preprocess", "convert")) {
            String help = Run.of(command, "--help").succeeds();
            assertTrue(help.contains("--output=") && help.contains("[--force]"), help);
        }
        for (String command : List.of("score", "fill", "embed", "index", "search", "explain", "preprocess")) {
            assertTrue(Run.of(command, "--help").succeeds().contains("--image="), command);
        }
        for (String command : List.of("batch", "index", "forward")) {
            assertTrue(Run.of(command, "--help").succeeds().contains("--input="), command);
        }
    }

    @Test
    void aQuietCommandSaysOnlyWhatIsWrong() throws IOException {
        Object[] score = {"score", "--image", Run.example(1), "--text", "a star"};
        Run loud = Run.of(score);
        assertTrue(loud.err().contains("demo model"), loud.err());
        Run quiet = Run.of("score", "--image", Run.example(1), "--text", "a star", "--quiet");
        assertEquals(loud.succeeds(), quiet.succeeds());
        assertEquals("", quiet.err());
        Path input = Files.writeString(
                directory.resolve("in.jsonl"), "{\"image\": \"%s\", \"text\": \"a\"}\n".formatted(Run.example(1)));
        Run batch = Run.of("batch", "--input", input, "--output", directory.resolve("out.jsonl"), "--quiet");
        assertEquals("", batch.succeeds() + batch.err());
        Run index = Run.of("index", "--image", Run.example(1), "--output", directory.resolve("index"), "--quiet");
        assertEquals("", index.succeeds() + index.err());
        Run.of("score", "--image", directory.resolve("none.png"), "--text", "a", "--quiet")
                .fails("none.png: no such file");
    }

    @Test
    void aVerboseCommandShowsWhereItFailed() {
        Object[] score = {"score", "--image", directory.resolve("none.png"), "--text", "a"};
        Run.of(score).fails("none.png: no such file");
        Run verbose = Run.of("score", "--verbose", "--image", directory.resolve("none.png"), "--text", "a");
        assertEquals(1, verbose.code());
        assertTrue(verbose.err().startsWith("bridgetower: " + directory.resolve("none.png") + ": no such file\n"));
        assertTrue(verbose.err().contains("\tat io.bridgetower.cli"), verbose.err());
    }

    @Test
    void theEnvironmentHoldsDefaults() throws IOException, InterruptedException {
        String demo = Run.DEMO.toString(), image = Run.example(1).toString();
        Map<String, String> model = Map.of("BRIDGETOWER_MODEL", demo);
        Run info = start(model, "info");
        assertTrue(info.succeeds().contains(demo), info.out());
        assertEquals(0, start(model, "tokenize").code());
        Run score = start(model, "score", "--image", image, "--text", "a star");
        assertTrue(score.succeeds().contains("a star"));
        assertFalse(score.err().contains("demo model"), score.err());
        Run other = start(model, "info", "--model", directory.toString());
        assertEquals(1, other.code());
        assertTrue(other.err().contains(directory.toString()), other.err());
        Run.of("info", "--model", "").fails("--model or BRIDGETOWER_MODEL: expected a directory");
        Run.of("tokenize", "--model", "").fails("--model or BRIDGETOWER_MODEL: expected a directory");
        List<String> threads = new ArrayList<>(List.of("score", "--image", image, "--text", "a"));
        for (String value : List.of("two", "0", "1025")) {
            Run run = start(Map.of("BRIDGETOWER_THREADS", value), threads.toArray(String[]::new));
            assertEquals(2, run.code(), run.err());
            assertTrue(
                    run.err().contains("bridgetower: BRIDGETOWER_THREADS: expected 1 to 1024, found " + value),
                    run.err());
        }
        threads.addAll(List.of("--threads", "1"));
        start(Map.of("BRIDGETOWER_THREADS", "two"), threads.toArray(String[]::new))
                .succeeds();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "bash may be that of another system")
    void aShellReadsTheCompletionScript() throws IOException, InterruptedException {
        String script = Run.of("completion", "bash").succeeds();
        assertEquals(script, Run.of("completion", "zsh").succeeds());
        Run.of("completion", "fish").isMisuse("fish");
        Run.of("completion").isMisuse("SHELL");
        Path file = Files.writeString(directory.resolve("completion"), script);
        String question = "source '" + file + "'; COMP_WORDS=(bridgetower emb); COMP_CWORD=1; _complete_bridgetower;"
                + " echo \"${COMPREPLY[@]}\"; COMP_WORDS=(bridgetower embed --jo); COMP_CWORD=2; _complete_bridgetower;"
                + " echo \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "-c", question)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), answer);
        assertEquals("embed\n--joint\n", answer.replace(" \n", "\n"));
    }

    /** Runs a command in a process, which has its own environment. */
    private Run start(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        Path out = directory.resolve("stdout"), err = directory.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Run.ROOT.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new Run(process.waitFor(), Files.readString(out), Files.readString(err));
    }
}
