package io.bridgetower.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.JsonReader;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.server.TestServer.Answer;
import io.bridgetower.server.compute.Scheduler;
import io.bridgetower.server.compute.ServedModels;
import io.bridgetower.server.http.ApiKeys;
import io.bridgetower.server.metrics.ServerMetrics;
import io.bridgetower.server.routes.Routes;
import io.bridgetower.server.routes.ServerInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /openapi.json} describes the server that there is: its routes, what they take and what they answer. */
class OpenApiTest {
    private static TestServer server;
    private static Map<?, ?> description;
    private static JsonSchema schema;
    private static List<Operation> operations;

    @TempDir
    private Path directory;

    /** A method of a path. */
    private record Operation(String method, String path, Map<?, ?> content) {
        String name() {
            return method + " " + path;
        }

        boolean isOpen() {
            return content.get("security") instanceof List<?> schemes && schemes.isEmpty();
        }

        boolean hasBody() {
            return content.containsKey("requestBody");
        }

        /** The path with the examples of its variables in it. */
        String examplePath() {
            String filled = path;
            for (Object parameter : list(content.get("parameters"))) {
                Map<?, ?> described = (Map<?, ?>) parameter;
                if (!"path".equals(described.get("in"))) continue;
                filled = filled.replace("{" + described.get("name") + "}", (String) described.get("example"));
            }
            return filled;
        }
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = TestServer.start();
        description = server.get("/openapi.json").ok().object();
        schema = new JsonSchema(description);
        operations = new ArrayList<>();
        ((Map<?, ?>) description.get("paths"))
                .forEach((path, methods) -> ((Map<?, ?>) methods)
                        .forEach((method, content) -> operations.add(new Operation(
                                ((String) method).toUpperCase(Locale.ROOT), (String) path, (Map<?, ?>) content))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void allRoutesAreDescribedAndNoOthers() {
        Map<String, Boolean> expected = new TreeMap<>(), found = new TreeMap<>();
        ServerMetrics metrics = new ServerMetrics();
        try (Scheduler scheduler = new Scheduler(1, metrics)) {
            ServedModels models = new ServedModels(List.of(), scheduler);
            Routes.all(models, scheduler, metrics, null, new ServerInfo("", 1, 1, 1))
                    .forEach(route -> expected.put(route.method() + " " + route.path(), route.isOpen()));
        }
        operations.forEach(operation -> found.put(operation.name(), operation.isOpen()));
        assertEquals(expected, found, "routes, and whether they need no key");
        List<?> ids = operations.stream()
                .map(operation -> operation.content().get("operationId"))
                .toList();
        assertEquals(ids.size(), ids.stream().distinct().count(), "an operationId is used twice: " + ids);
    }

    @Test
    void examplesAreAnsweredAsDescribed() throws IOException, InterruptedException {
        int examples = 0;
        for (Operation operation : operations) {
            for (Map.Entry<?, ?> body : bodies(operation).entrySet()) {
                Map<?, ?> media = (Map<?, ?>) body.getValue();
                for (Map.Entry<?, ?> example : ((Map<?, ?>) media.get("examples")).entrySet()) {
                    String name = operation.name() + ", " + body.getKey() + ", " + example.getKey();
                    Object value = ((Map<?, ?>) example.getValue()).get("value");
                    assertEquals(List.of(), schema.problems(media.get("schema"), value), name);
                    HttpRequest.Builder request = body.getKey().equals("application/json")
                            ? server.posting(operation.examplePath(), JsonWriter.compact(value))
                            : form(operation.examplePath(), (Map<?, ?>) value);
                    checkAnswer(operation, name, 200, server.send(request));
                    examples++;
                }
            }
        }
        assertTrue(examples >= 40, "expected 40 examples or more, found " + examples);
    }

    @Test
    void requestsWithoutBodyAreAnsweredAsDescribed() throws IOException, InterruptedException {
        int count = 0;
        for (Operation operation : operations) {
            if (operation.hasBody()) continue;
            HttpRequest.Builder request =
                    server.request(operation.examplePath()).method(operation.method(), BodyPublishers.noBody());
            checkAnswer(operation, operation.name(), 200, server.send(request));
            count++;
        }
        assertTrue(count > 10, "operations without body: " + count);
    }

    @Test
    void wrongValuesAreRefusedAsDescribed() throws IOException, InterruptedException {
        for (Operation operation : operations) {
            if (!operation.hasBody()) continue;
            Answer answer = server.send(server.posting(operation.examplePath(), "{}"));
            Map<?, ?> responses = (Map<?, ?>) operation.content().get("responses");
            int expected = responses.containsKey("422") ? 422 : 400;
            checkAnswer(operation, operation.name() + " {}", expected, answer);
        }
    }

    @Test
    void aMissingKeyIsRefusedAsDescribed() throws IOException, InterruptedException {
        ApiKeys keys = ApiKeys.read(Files.writeString(directory.resolve("keys.txt"), "a-key\n"));
        try (TestServer keyed = TestServer.starting(options -> options.keys(keys))) {
            for (Operation operation : operations) {
                if (operation.isOpen()) continue;
                HttpRequest.Builder request = operation.hasBody()
                        ? keyed.posting(operation.examplePath(), "{}")
                        : keyed.request(operation.examplePath());
                checkAnswer(operation, operation.name(), 401, keyed.send(request.version(HttpClient.Version.HTTP_1_1)));
            }
        }
    }

    @Test
    void whileModelsAreLoadedProbesAnswerAsDescribed() throws IOException, InterruptedException {
        int checked = 0;
        try (TestServer starting = TestServer.starting(options -> options)) {
            for (Operation operation : operations) {
                Map<?, ?> responses = (Map<?, ?>) operation.content().get("responses");
                if (!responses.containsKey("503")) continue;
                Answer answer = operation.hasBody()
                        ? starting.send(starting.posting(operation.examplePath(), "{}"))
                        : starting.get(operation.examplePath());
                checkAnswer(operation, operation.name(), 503, answer);
                checked++;
            }
        }
        assertTrue(checked > 10, "operations with status 503: " + checked);
    }

    /** The check finds what is wrong, so that the tests above mean something. */
    @Test
    void theCheckRefusesWhatIsNotDescribed() throws IOException {
        Object object = parsed(
                "{'type':'object','properties':{'a':{'type':'integer','minimum':1},"
                    + "'b':{'anyOf':[{'type':'string'},{'type':'array','items':{'enum':['x']},'minItems':1}]}},'required':['a']}");
        for (String valid : List.of("{'a':1}", "{'a':2,'b':'text'}", "{'a':2,'b':['x','x']}")) {
            assertEquals(List.of(), schema.problems(object, parsed(valid)), valid);
        }
        for (String invalid : List.of(
                "{}",
                "[]",
                "{'a':0}",
                "{'a':1.5}",
                "{'a':'1'}",
                "{'a':1,'b':3}",
                "{'a':1,'b':[]}",
                "{'a':1,'c':1}",
                "{'a':1,'b':['y']}",
                "{'a':null}")) {
            assertEquals(1, schema.problems(object, parsed(invalid)).size(), invalid);
        }
        assertEquals(1, schema.problems(parsed("{'unheardOf':1}"), 1).size());
    }

    private static Object parsed(String json) throws IOException {
        try (JsonReader reader = new JsonReader(Path.of("test"), new StringReader(json.replace('\'', '"')))) {
            return reader.value();
        }
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    private static Map<?, ?> bodies(Operation operation) {
        if (!operation.hasBody()) return Map.of();
        return (Map<?, ?>) ((Map<?, ?>) operation.content().get("requestBody")).get("content");
    }

    private static void checkAnswer(Operation operation, String name, int status, Answer answer) throws IOException {
        assertEquals(status, answer.status(), name + ": " + answer.body());
        Object response = ((Map<?, ?>) operation.content().get("responses")).get(Integer.toString(status));
        assertTrue(response != null, name + ": status " + status + " is not described");
        Map<?, ?> content = (Map<?, ?>) schema.resolved(response).get("content");
        assertEquals(1, content.size(), name);
        Map.Entry<?, ?> media = content.entrySet().iterator().next();
        String type = answer.header("content-type");
        assertTrue(type.startsWith((String) media.getKey()), name + ": " + type);
        boolean isJson = media.getKey().equals("application/json");
        Object value = isJson ? answer.value() : answer.body();
        Object expected = ((Map<?, ?>) media.getValue()).get("schema");
        assertEquals(List.of(), schema.problems(expected, value), name);
    }

    /** A form whose images are files. */
    private static HttpRequest.Builder form(String path, Map<?, ?> fields) throws IOException {
        String boundary = "a-boundary-that-no-part-has";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            List<?> values = field.getValue() instanceof List<?> several ? several : List.of(field.getValue());
            for (Object value : values) {
                String name = (String) field.getKey();
                boolean isFile = name.startsWith("image");
                String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\""
                        + (isFile ? "; filename=\"image.png\"" : "") + "\r\n\r\n";
                body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
                body.writeBytes(
                        isFile
                                ? Base64.getDecoder().decode((String) value)
                                : String.valueOf(value).getBytes(StandardCharsets.UTF_8));
                body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return server.request(path)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofByteArray(body.toByteArray()));
    }
}
