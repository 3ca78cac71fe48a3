package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.files.JsonReader;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.server.http.ApiKeys;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server understands what OpenSearch makes of {@code deploy/opensearch-connector.json}. */
class OpenSearchConnectorTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    private static final String TEXT = "a \"large\" blue square";
    private static final Pattern UNSET = Pattern.compile("\"\\$\\{parameters\\.\\w+:-null}\"");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)\\.(\\w+)(:-null)?}");

    @TempDir
    private static Path directory;

    private static TestServer server;
    private static BridgeTower library;
    private static Map<String, Object> connector;

    @BeforeAll
    @SuppressWarnings("unchecked")
    static void start() throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), "KEY\n");
        ApiKeys read = ApiKeys.read(keys);
        server = TestServer.start(options -> options.keys(read));
        library = BridgeTower.load(TestServer.MODEL);
        Path file = ROOT.resolve("deploy/opensearch-connector.json");
        try (JsonReader json = new JsonReader(file, Files.newInputStream(file))) {
            connector = (Map<String, Object>) json.value();
        }
    }

    @AfterAll
    static void stop() {
        library.close();
        server.close();
    }

    /** As ML Commons fills a template: what is not set is null without quotes, the rest takes the place of its variable. */
    private static String filled(String template, Map<String, String> parameters) {
        Map<String, Map<?, ?>> scopes =
                Map.of("parameters", parameters, "credential", (Map<?, ?>) connector.get("credential"));
        String nulls = UNSET.matcher(template).replaceAll(unset -> {
            Matcher variable = VARIABLE.matcher(unset.group());
            assertTrue(variable.find());
            return Matcher.quoteReplacement(parameters.containsKey(variable.group(2)) ? unset.group() : "null");
        });
        return VARIABLE.matcher(nulls)
                .replaceAll(variable -> Matcher.quoteReplacement(
                        scopes.get(variable.group(1)).get(variable.group(2)).toString()));
    }

    /** The vector that the function {@code connector.post_process.bedrock.embedding} reads. */
    private static float[] vector(Map<String, String> input) throws IOException, InterruptedException {
        Map<String, String> parameters = new HashMap<>(input);
        ((Map<?, ?>) connector.get("parameters"))
                .forEach((key, value) -> parameters.put((String) key, value.toString()));
        Map<?, ?> action = (Map<?, ?>) ((List<?>) connector.get("actions")).getFirst();
        String url = filled((String) action.get("url"), parameters);
        String origin = "https://" + parameters.get("endpoint");
        assertTrue(url.startsWith(origin), url);
        HttpRequest.Builder request = server.request(url.substring(origin.length()))
                .method(
                        (String) action.get("method"),
                        BodyPublishers.ofString(filled((String) action.get("request_body"), parameters)));
        ((Map<?, ?>) action.get("headers"))
                .forEach((name, value) -> request.header((String) name, filled((String) value, parameters)));
        return TestServer.vector(server.send(request).ok().object().get("embedding"));
    }

    /** A text as ML Commons puts it into a template, escaped for JSON. */
    private static String escaped(String text) throws IOException {
        String quoted = JsonWriter.compact(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    @Test
    void textsImagesAndBothHaveTheVectorsOfTheLibrary() throws Exception {
        Image image = Image.read(TestServer.image(2));
        String base64 = TestServer.base64(2);
        assertArrayEquals(library.embed(TEXT), vector(Map.of("inputText", escaped(TEXT))));
        assertArrayEquals(library.embed(image), vector(Map.of("inputImage", base64)));
        assertArrayEquals(library.embed(image, TEXT), vector(Map.of("inputText", escaped(TEXT), "inputImage", base64)));
    }

    @Test
    void theConnectorUsesFunctionsThatOpenSearchHas() {
        Map<?, ?> action = (Map<?, ?>) ((List<?>) connector.get("actions")).getFirst();
        assertEquals("connector.pre_process.bedrock.multimodal_embedding", action.get("pre_process_function"));
        assertEquals("connector.post_process.bedrock.embedding", action.get("post_process_function"));
        assertEquals(
                Set.of("name", "description", "version", "protocol", "parameters", "credential", "actions"),
                connector.keySet());
    }

    @Test
    void thePageShowsTheFile() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/opensearch.md")).replace("\r\n", "\n");
        Matcher block = Pattern.compile("(?s)```json\n( +\\{\n +\"name\": \"BridgeTower\",\n +\"desc.*?)```")
                .matcher(page);
        assertTrue(block.find());
        try (JsonReader json = new JsonReader(Path.of("docs/opensearch.md"), new StringReader(block.group(1)))) {
            assertEquals(connector, json.value());
        }
    }
}
