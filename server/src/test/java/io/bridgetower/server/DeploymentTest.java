package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The files in {@code deploy}, and docs/serving.md, name what the server has. */
class DeploymentTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    private static final Pattern METRIC = Pattern.compile("\\b(bridgetower|jvm|process)_[a-z_]+\\b");

    private static String metrics;
    private static Set<String> paths;

    @BeforeAll
    static void answerSomeRequests() throws IOException, InterruptedException {
        try (TestServer server = TestServer.start()) {
            Map<String, Object> pair = Map.of("texts", List.of("a star"), "images", List.of(TestServer.dataUri(2)));
            server.post("/v1/match", pair).ok();
            server.post("/v1/embeddings", Map.of("input", "a star")).ok();
            assertEquals(400, server.post("/v1/match", Map.of()).status());
            metrics = server.get("/metrics").ok().body();
            paths = ((Map<?, ?>) server.get("/openapi.json").ok().object().get("paths"))
                    .keySet().stream().map(String.class::cast).collect(Collectors.toSet());
        }
    }

    @Test
    void theDashboardShowsMetricsThatThereAre() throws IOException {
        Object dashboard;
        Path file = ROOT.resolve("deploy/grafana.json");
        try (JsonReader json = new JsonReader(file, Files.newInputStream(file))) {
            dashboard = json.value();
        }
        List<String> queries = queries(dashboard).toList();
        assertTrue(queries.size() > 10, queries.toString());
        Set<String> samples = metrics.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[ {]")[0])
                .collect(Collectors.toSet());
        for (String query : queries) {
            Set<String> named = found(METRIC, query);
            assertFalse(named.isEmpty(), query);
            for (String name : named) assertTrue(samples.contains(name), name + " in " + query);
            // What a query groups by is a label of its metrics.
            for (String labels : groups(Pattern.compile("by \\(([^)]*)\\)"), query)) {
                for (String label : labels.split(", ")) {
                    for (String name : named) {
                        String sample = "(?m)^" + name + "\\{[^}]*\\b" + label + "=";
                        assertTrue(Pattern.compile(sample).matcher(metrics).find(), name + ", " + label);
                    }
                }
            }
        }
    }

    /** The queries of all panels, wherever they are. */
    private static Stream<String> queries(Object value) {
        return switch (value) {
            case Map<?, ?> object ->
                object.entrySet().stream()
                        .flatMap(field -> field.getKey().equals("expr")
                                ? Stream.of((String) field.getValue())
                                : queries(field.getValue()));
            case List<?> items -> items.stream().flatMap(DeploymentTest::queries);
            case null, default -> Stream.empty();
        };
    }

    @Test
    void thePageOnServingNamesAllMetrics() throws IOException {
        Set<String> families = groups(Pattern.compile("(?m)^# TYPE (\\S+) "), metrics);
        assertTrue(families.size() > 10, families.toString());
        assertEquals(families, found(METRIC, section(servingPage(), "## Metrics")));
    }

    @Test
    void thePageOnServingNamesAllRoutes() throws IOException {
        String page = servingPage();
        for (String path : paths) assertTrue(page.contains("`" + path + "`"), path);
    }

    @Test
    void probesAskForPathsThatThereAre() throws IOException {
        Set<String> asked = new TreeSet<>();
        for (String file : List.of("Dockerfile", "kubernetes.yaml", "prometheus.yml")) {
            asked.addAll(found(Pattern.compile("/v2/health/\\w+|/metrics\\b"), read("deploy/" + file)));
        }
        assertEquals(Set.of("/v2/health/live", "/v2/health/ready", "/metrics"), asked);
        assertTrue(paths.containsAll(asked));
    }

    @Test
    void theFilesGiveOptionsThatThePageExplains() throws IOException {
        Pattern option = Pattern.compile("--[a-z][a-z-]+");
        Set<String> explained = found(option, section(servingPage(), "## Options"));
        String service = read("deploy/bridgetower.service")
                .lines()
                .filter(line -> line.startsWith("ExecStart="))
                .findFirst()
                .orElseThrow();
        String pod = read("deploy/kubernetes.yaml")
                .lines()
                .filter(line -> line.strip().startsWith("args:"))
                .findFirst()
                .orElseThrow();
        String image = read("deploy/Dockerfile")
                .lines()
                .filter(line -> line.startsWith("ENTRYPOINT") || line.startsWith("CMD"))
                .collect(Collectors.joining());
        for (String command : List.of(service, pod, image)) {
            Set<String> given = found(option, command);
            assertFalse(given.isEmpty(), command);
            assertTrue(explained.containsAll(given), command);
        }
    }

    @Test
    void curlExamplesAreAnswered() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Browser.onPath("curl").isPresent(), "needs curl on the path");
        Assumptions.assumeTrue(Browser.onPath("sh").isPresent(), "needs sh on the path");
        List<String> lines = Pattern.compile("(?ms)^```sh\\n(.*?)^```$")
                .matcher(servingPage())
                .results()
                .flatMap(block -> block.group(1).lines())
                .filter(line -> line.contains("http://127.0.0.1:8080"))
                .toList();
        assertTrue(lines.size() > 15, lines.toString());
        try (TestServer server = TestServer.start()) {
            String address = server.server().uri().toString();
            for (String line : lines) {
                String command =
                        line.replace("http://127.0.0.1:8080", address).replace("curl ", "curl --fail --silent ");
                Process shell = new ProcessBuilder("sh", "-c", command)
                        .directory(ROOT.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                shell.getOutputStream().close();
                try (JsonReader json = new JsonReader(Path.of("answer"), shell.getInputStream())) {
                    json.value();
                } catch (IOException e) {
                    throw new AssertionError(line, e);
                }
                assertEquals(0, shell.waitFor(), line);
            }
        }
    }

    private static String servingPage() throws IOException {
        return read("docs/serving.md");
    }

    /** From a heading to the next of its level. */
    private static String section(String page, String heading) {
        int start = page.indexOf("\n" + heading + "\n");
        assertTrue(start >= 0, heading);
        int end = page.indexOf("\n## ", start + heading.length());
        return page.substring(start, end < 0 ? page.length() : end);
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
