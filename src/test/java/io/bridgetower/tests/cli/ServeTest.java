package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower serve} in a process of its own. */
class ServeTest {
    /** Where the tests run without a terminal, such as under nohup, this signal may be ignored, and so by their children. */
    private static final String DEFAULT_HANGUP = "--default-signal=HUP";

    @TempDir
    private Path directory;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signal that ends a process in order")
    void saysWhenItIsReadyLoadsAnewAndEndsInOrder() throws Exception {
        Path err = directory.resolve("err");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--port",
                "0",
                "--log",
                "json"));
        boolean hearsHangups = new ProcessBuilder(List.of("env", DEFAULT_HANGUP, "true"))
                        .start()
                        .waitFor()
                == 0;
        if (hearsHangups) command.addAll(0, List.of("env", DEFAULT_HANGUP));
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        try (HttpClient client = HttpClient.newHttpClient();
                BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            assertTrue(line != null && line.startsWith("listening on http://127.0.0.1:"), line + Files.readString(err));
            URI address = URI.create(line.substring("listening on ".length()));
            assertEquals(200, embed(client, address).statusCode());
            if (hearsHangups) {
                signal(process, "HUP");
                await(err, "the models are loaded anew");
                assertEquals(200, embed(client, address).statusCode());
            }
            signal(process, "TERM");
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), Files.readString(err));
            String said = Files.readString(err);
            assertTrue(said.contains("\"route\":\"/v1/embeddings\",\"status\":200"), said);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void wrongOptionsAreMisuse() throws IOException {
        Run.of("serve", "--port", "65536").isMisuse("--port: expected 0 to 65535, found 65536");
        Run.of("serve", "--max-queue-seconds", "0").isMisuse("--max-queue-seconds: expected seconds, more than 0");
        Run.of("serve", "--tls-password-file", "a").isMisuse("--tls-password-file: expected --tls-keystore too");
        Run.of("serve", "--max-memory", "1m").isMisuse("--max-memory: expected 67108864 bytes or more, found 1048576");
        Run.of("serve", "--max-memory", "64m", "--max-body", "16m")
                .fails("memory: expected 8 times the size of a request or more, which is 134217728 bytes, found"
                        + " 67108864");
        Run.of("serve", "--max-items", "0").isMisuse("--max-items: expected 1 or more, found 0");
        Run.of("serve", "--max-pixels", "0").isMisuse("--max-pixels: expected ");
        Run.of("serve", "--allow-urls", "a.example,https://b.example")
                .isMisuse("'--allow-urls'", "expected a name such as", "found https://b.example");
        Path none = directory.resolve("none");
        Run.of("serve", "--api-key-file", none).fails(none + ": no such file");
        Run.of("serve", "--model", none).fails("none");
        Run.of("serve", "--model", Run.DEMO, "--model", Run.DEMO).fails("models: two have the same name");
    }

    private static HttpResponse<String> embed(HttpClient client, URI address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/v1/embeddings"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"input\":\"a star\"}"))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static void signal(Process process, String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder(List.of("kill", "-" + name, Long.toString(process.pid())))
                        .start()
                        .waitFor());
    }

    private static void await(Path file, String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.readString(file).contains(text)) {
            assertTrue(System.nanoTime() < end, Files.readString(file));
            Thread.sleep(50);
        }
    }
}
