package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a model that is named, in processes of their own, for the environment says where to look. */
class HubTest {
    @TempDir
    private Path home;

    @Test
    void aModelIsPulledAndThenUsedOffline() throws IOException {
        try (DemoHub hub = new DemoHub()) {
            Map<String, String> online = Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", hub.endpoint());
            String[] score = {
                "score", "--image", Run.example(1).toString(), "--text", "a red circle", "--json", "--model"
            };
            Run pulled = run(online, "pull", DemoHub.MODEL);
            Path directory = Path.of(pulled.succeeds().strip());
            assertTrue(directory.startsWith(home.resolve("hub/models--org--demo/snapshots")), pulled.out());
            assertTrue(Files.isSymbolicLink(directory.resolve("model.safetensors")));
            assertTrue(pulled.err().contains("downloading model.safetensors, "), pulled.err());
            Map<String, String> offline = Map.of("HF_HOME", home.toString(), "HF_HUB_OFFLINE", "1");
            String scores = run(offline, with(score, Run.DEMO.toString())).succeeds();
            assertTrue(scores.contains("\"probability\""), scores);
            assertEquals(scores, run(offline, with(score, DemoHub.MODEL)).succeeds());
            run(offline, "tokenize", "--model", "org/other")
                    .fails("org/other", "HF_HUB_OFFLINE", "bridgetower pull org/other", home.resolve("hub"));
            run(offline, "pull", DemoHub.MODEL).fails("HF_HUB_OFFLINE");
        }
    }

    @Test
    void aTokenizerComesWithoutTheWeights() throws IOException {
        try (DemoHub hub = new DemoHub()) {
            Map<String, String> online = Map.of("HF_HUB_CACHE", home.toString(), "HF_ENDPOINT", hub.endpoint());
            Run run = run(online, "tokenize", "--model", DemoHub.MODEL, "--revision", "v1");
            assertEquals(0, run.code(), run.err());
            assertTrue(hub.sent.contains("config.json"), hub.sent.toString());
            assertFalse(hub.sent.contains("model.safetensors"), hub.sent.toString());
            assertTrue(Files.isRegularFile(home.resolve("models--org--demo/refs/v1")));
        }
    }

    @Test
    void whereThereIsNoServerTheCommandSaysSo() throws IOException {
        String endpoint;
        try (DemoHub hub = new DemoHub()) {
            endpoint = hub.endpoint();
        }
        run(
                        Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", endpoint),
                        "score",
                        "--model",
                        "org/demo",
                        "--text",
                        "a",
                        "--image",
                        Run.example(1).toString())
                .fails("there is no such directory here", "cannot reach 127.0.0.1", "bridgetower pull org/demo");
    }

    /** The attempts are counted: how long they take, no test can say. */
    @Test
    void aServerThatNeverAnswersDoesNotKeepACompleteCacheFromUse() throws IOException {
        try (DemoHub hub = new DemoHub()) {
            run(Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", hub.endpoint()), "pull", DemoHub.MODEL)
                    .succeeds();
        }
        // As in a cache that was copied, or filled by a download of the whole repository.
        Path absent = home.resolve("hub/models--org--demo/.no_exist");
        try (Stream<Path> files = Files.walk(absent)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
        try (ServerSocketChannel silent = ServerSocketChannel.open().bind(loopback())) {
            Map<String, String> environment =
                    Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", "http:/" + silent.getLocalAddress());
            run(environment, "score", "--image", Run.example(1).toString(), "--text", "a", "--model", DemoHub.MODEL)
                    .succeeds();
            silent.configureBlocking(false);
            int connections = 0;
            while (silent.accept() != null) connections++;
            assertTrue(connections <= 1, connections + " connections");
        }
        assertFalse(Files.exists(absent));
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static String[] with(String[] arguments, String last) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(last);
        return all.toArray(String[]::new);
    }

    private static Run run(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("out", null), err = Files.createTempFile("err", null);
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.startsWith("HF_")
                            || name.equals("TRANSFORMERS_OFFLINE")
                            || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            int code = process.waitFor();
            String complaints = Files.readString(err, StandardCharsets.UTF_8);
            // The virtual machine's own.
            String ours = complaints.replaceAll("(?m)^WARNING: .*incubator.*\n", "");
            return new Run(code, Files.readString(out, StandardCharsets.UTF_8), ours);
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
