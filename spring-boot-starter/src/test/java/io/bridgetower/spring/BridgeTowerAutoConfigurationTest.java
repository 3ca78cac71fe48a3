package io.bridgetower.spring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.Gallery;
import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.DocumentEmbeddingModel;
import org.springframework.ai.embedding.DocumentEmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResultMetadata.ModalityType;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.MimeTypeUtils;

/** The beans of an application, with the demo model. */
class BridgeTowerAutoConfigurationTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    private static final Path DEMO = ROOT.resolve("models/demo");
    private static final String SQUARE = "a large blue square";

    private final ApplicationContextRunner empty =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(BridgeTowerAutoConfiguration.class));
    private final ApplicationContextRunner runner =
            empty.withPropertyValues("bridgetower.model=" + DEMO, "bridgetower.warm-up=false");

    private static Path file(int number) {
        return ROOT.resolve("examples/%02d.png".formatted(number));
    }

    private static Image image(int number) throws IOException {
        return Image.read(file(number));
    }

    private static Document media(int number) {
        return new Document(new Media(MimeTypeUtils.IMAGE_PNG, new FileSystemResource(file(number))), Map.of());
    }

    private static Document captioned(String text, int number) throws IOException {
        return new Document(
                text, Map.of("image", Base64.getEncoder().encodeToString(Files.readAllBytes(file(number)))));
    }

    @Test
    void nothingIsLoadedUnlessAModelIsNamed() {
        empty.run(context -> {
            assertNull(context.getStartupFailure());
            for (Class<?> bean : List.of(BridgeTower.class, EmbeddingModel.class, HealthIndicator.class)) {
                assertEquals(0, context.getBeanNamesForType(bean).length, bean.getName());
            }
        });
    }

    @Test
    void aModelThatIsNotThereStopsTheStart() {
        empty.withPropertyValues("bridgetower.model=" + ROOT.resolve("models/none"))
                .run(context -> {
                    Throwable cause = context.getStartupFailure();
                    while (cause.getCause() != null) cause = cause.getCause();
                    assertTrue(cause.getMessage().contains("none"), cause.toString());
                });
    }

    @Test
    void textsAndDocumentsHaveTheVectorsOfBridgeTower() {
        runner.run(context -> {
            BridgeTower bridgeTower = context.getBean(BridgeTower.class);
            EmbeddingModel model = context.getBean(EmbeddingModel.class);
            EmbeddingResponse response = model.call(new EmbeddingRequest(List.of("a star", SQUARE), null));
            assertArrayEquals(
                    bridgeTower.embed("a star"), response.getResults().get(0).getOutput());
            assertArrayEquals(
                    bridgeTower.embed(SQUARE), response.getResults().get(1).getOutput());
            assertEquals("demo", response.getMetadata().getModel());
            assertEquals(model.embed("a star").length, model.dimensions());
            assertArrayEquals(bridgeTower.embed(image(2)), model.embed(media(2)));
            List<float[]> mixed = model.embed(
                    List.of(captioned(SQUARE, 2), new Document(SQUARE), media(3)),
                    null,
                    documents -> List.of(documents));
            assertArrayEquals(bridgeTower.embed(image(2)), mixed.get(0));
            assertArrayEquals(bridgeTower.embed(SQUARE), mixed.get(1));
            assertArrayEquals(bridgeTower.embed(image(3)), mixed.get(2));
        });
    }

    @Test
    void aModelOfTheHubsCacheHasItsNameThere(@TempDir Path cache) throws IOException {
        Path snapshot = Files.createDirectories(cache.resolve("models--BridgeTower--demo/snapshots/0123abcd"));
        try (Stream<Path> files = Files.list(DEMO)) {
            for (Path file : files.toList()) Files.copy(file, snapshot.resolve(file.getFileName()));
        }
        empty.withPropertyValues("bridgetower.model=" + snapshot, "bridgetower.warm-up=false")
                .run(context -> {
                    EmbeddingModel model = context.getBean(EmbeddingModel.class);
                    EmbeddingResponse response = model.call(new EmbeddingRequest(List.of("a star"), null));
                    assertEquals("BridgeTower/demo", response.getMetadata().getModel());
                    HealthIndicator health = context.getBean(HealthIndicator.class);
                    assertEquals(
                            "BridgeTower/demo", health.health().getDetails().get("model"));
                });
    }

    @Test
    void documentsWithATextCanHaveTheVectorOfBoth() {
        runner.withPropertyValues("bridgetower.images.vector=joint").run(context -> {
            BridgeTower bridgeTower = context.getBean(BridgeTower.class);
            EmbeddingModel model = context.getBean(EmbeddingModel.class);
            assertArrayEquals(bridgeTower.embed(image(2), SQUARE), model.embed(captioned(SQUARE, 2)));
            assertArrayEquals(bridgeTower.embed(image(2)), model.embed(media(2)));
        });
    }

    @Test
    void documentEmbeddingsSayWhatTheyAreOf() {
        runner.run(context -> {
            BridgeTower bridgeTower = context.getBean(BridgeTower.class);
            DocumentEmbeddingModel model = context.getBean(DocumentEmbeddingModel.class);
            List<Document> documents = List.of(new Document("a star"), media(2));
            EmbeddingResponse response = model.call(new DocumentEmbeddingRequest(documents));
            var text = response.getResults().get(0);
            var image = response.getResults().get(1);
            assertArrayEquals(bridgeTower.embed("a star"), text.getOutput());
            assertArrayEquals(bridgeTower.embed(image(2)), image.getOutput());
            assertEquals(ModalityType.TEXT, text.getMetadata().getModalityType());
            assertEquals(ModalityType.IMAGE, image.getMetadata().getModalityType());
            assertEquals(MimeTypeUtils.IMAGE_PNG, image.getMetadata().getMimeType());
            assertEquals(documents.get(1).getId(), image.getMetadata().getDocumentId());
            assertEquals(bridgeTower.embed("a star").length, model.dimensions());
        });
    }

    /** The example of docs/spring.md. */
    @Test
    void theGalleryFindsImagesAndRanksThem() {
        runner.withPropertyValues(
                        "bridgetower.rank-top-n=2", "bridgetower.images.directory=" + ROOT.resolve("examples"))
                .withUserConfiguration(Gallery.class)
                .run(context -> {
                    Gallery gallery = context.getBean(Gallery.class);
                    for (int i = 1; i <= 12; i++) gallery.add(i + ".png", file(i));
                    List<Document> found = gallery.find(SQUARE);
                    assertEquals(2, found.size());
                    assertEquals("2.png", found.getFirst().getText());
                    BridgeTower bridgeTower = context.getBean(BridgeTower.class);
                    assertEquals(
                            bridgeTower.score(image(2), SQUARE).probability(),
                            found.getFirst().getScore());
                    assertTrue(found.get(1).getScore() <= found.getFirst().getScore());
                });
    }

    @Test
    void thePageShowsTheGallery() throws IOException {
        String source = Files.readString(ROOT.resolve("spring-boot-starter/src/test/java/example/Gallery.java"))
                .replace("\r\n", "\n")
                .replace("package example;\n\n", "");
        String page = Files.readString(ROOT.resolve("docs/spring.md")).replace("\r\n", "\n");
        assertTrue(page.contains("```java\n" + source + "```"), "docs/spring.md has another program");
    }

    @Test
    void whatCannotBeComputedIsNamed() {
        runner.run(context -> {
            EmbeddingModel model = context.getBean(EmbeddingModel.class);
            DocumentPostProcessor ranker = context.getBean(DocumentPostProcessor.class);
            Document text = new Document("7", "a caption", Map.of());
            assertEquals(
                    "document 7: expected an image as media or under \"image\" in the metadata, found none",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> ranker.process(new Query(SQUARE), List.of(media(1), text)))
                            .getMessage());
            for (String reference : List.of(file(2).toUri().toString(), "https://images.example.org/a.png", "%")) {
                Document refused = new Document("8", "a caption", Map.of("image", reference));
                String message = assertThrows(IllegalArgumentException.class, () -> model.embed(refused))
                        .getMessage();
                assertTrue(message.startsWith("document 8: ") && message.contains(reference), message);
            }
            var options = EmbeddingOptions.builder().dimensions(3).build();
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> model.call(new EmbeddingRequest(List.of("a star"), options)))
                    .getMessage();
            assertEquals("dimensions: expected " + model.dimensions() + ", found 3", message);
        });
    }

    @Test
    void propertiesAllowFilesAndSetOptions() {
        runner.withPropertyValues(
                        "bridgetower.images.directory=" + ROOT.resolve("examples"),
                        "bridgetower.images.hosts=images.example.org",
                        "bridgetower.images.metadata-key=file",
                        "bridgetower.truncate=true",
                        "bridgetower.weights=bf16",
                        "bridgetower.precision=bf16x3",
                        "bridgetower.threads=1",
                        "bridgetower.cache-size=0B")
                .run(context -> {
                    EmbeddingModel model = context.getBean(EmbeddingModel.class);
                    BridgeTower bridgeTower = context.getBean(BridgeTower.class);
                    Document document =
                            new Document("two", Map.of("file", file(2).toUri().toString()));
                    assertArrayEquals(bridgeTower.embed(image(2)), model.embed(document));
                    assertEquals("BF16", bridgeTower.model().weightPrecision().name());
                    assertEquals(
                            "BF16X3", bridgeTower.model().productPrecision().name());
                    assertEquals(model.dimensions(), model.embed("long ".repeat(1000)).length);
                    Document elsewhere = new Document("a", Map.of("file", "https://example.org/a.png"));
                    assertTrue(assertThrows(IllegalArgumentException.class, () -> model.embed(elsewhere))
                            .getMessage()
                            .endsWith("the host example.org is not allowed"));
                });
    }

    @Test
    void healthIsThatOfTheModel() {
        runner.run(context -> {
            HealthIndicator health = context.getBean("bridgeTowerHealthIndicator", HealthIndicator.class);
            assertEquals(Status.UP, health.health().getStatus());
            assertEquals(
                    DEMO.getFileName().toString(), health.health().getDetails().get("model"));
            context.getBean(BridgeTower.class).close();
            assertEquals(Status.DOWN, health.health().getStatus());
        });
        runner.withPropertyValues("management.health.bridgetower.enabled=false")
                .run(context -> assertFalse(context.containsBean("bridgeTowerHealthIndicator")));
    }

    @Test
    void callsAndComputationsAreMetered() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            context.getBean(BridgeTowerMetrics.class).bindTo(registry);
            EmbeddingModel model = context.getBean(EmbeddingModel.class);
            model.embed(List.of("a star", "a heart"));
            model.embed(media(2));
            context.getBean(DocumentPostProcessor.class).process(new Query(SQUARE), List.of(media(2), media(3)));
            assertEquals(
                    2,
                    registry.get("bridgetower.calls")
                            .tag("operation", "embed")
                            .timer()
                            .count());
            assertEquals(
                    1,
                    registry.get("bridgetower.calls")
                            .tag("operation", "rank")
                            .timer()
                            .count());
            assertEquals(3, registry.get("bridgetower.texts").functionCounter().count());
            assertEquals(2, registry.get("bridgetower.pairs").functionCounter().count());
            assertTrue(registry.get("bridgetower.images").functionCounter().count() >= 2);
            assertTrue(registry.get("bridgetower.workspace").gauge().value() > 0);
            assertTrue(registry.get("bridgetower.encodings").gauge().value() > 0);
        });
    }

    @Test
    void anApplicationMayHaveItsOwnModelAndOtherEmbeddings() {
        empty.withBean(BridgeTower.class, () -> {
                    try {
                        return BridgeTower.load(DEMO);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .withPropertyValues("spring.ai.model.embedding=another")
                .run(context -> {
                    assertNull(context.getStartupFailure());
                    assertEquals(0, context.getBeanNamesForType(EmbeddingModel.class).length);
                    assertEquals(1, context.getBeanNamesForType(DocumentEmbeddingModel.class).length);
                    var health = context.getBean("bridgeTowerHealthIndicator", HealthIndicator.class);
                    assertEquals("demo", health.health().getDetails().get("model"));
                });
    }

    @Test
    void rankingAndHealthAreOnlyThereWithTheirLibraries() {
        var without = new FilteredClassLoader("org.springframework.ai.rag", "org.springframework.boot.health");
        runner.withClassLoader(without).run(context -> {
            assertNull(context.getStartupFailure());
            assertEquals(1, context.getBeanNamesForType(EmbeddingModel.class).length);
            assertFalse(context.containsBean("bridgeTowerDocumentPostProcessor"));
            assertFalse(context.containsBean("bridgeTowerHealthIndicator"));
        });
    }

    @Test
    void theModelIsClosedWithTheContext() {
        BridgeTower[] bridgeTower = new BridgeTower[1];
        runner.run(context -> bridgeTower[0] = context.getBean(BridgeTower.class));
        assertThrows(IllegalStateException.class, () -> bridgeTower[0].embed("a star"));
    }

    @Test
    void springFindsTheConfigurationAndEditorsItsProperties() throws IOException {
        try (var imports = getClass()
                        .getResourceAsStream(
                                "/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");
                var metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertEquals(BridgeTowerAutoConfiguration.class.getName(), new String(imports.readAllBytes()).strip());
            String described = new String(metadata.readAllBytes());
            String page = Files.readString(ROOT.resolve("docs/spring.md"));
            String[] names = described
                    .lines()
                    .filter(line -> line.contains("\"name\": \"bridgetower."))
                    .map(line -> line.replaceAll(".*\"name\": \"(.*)\".*", "$1"))
                    .filter(name -> !name.equals("bridgetower.images"))
                    .distinct()
                    .toArray(String[]::new);
            assertEquals(14, names.length, String.join(" ", names));
            for (String name : names) assertTrue(page.contains("`" + name + "`"), "docs/spring.md lacks " + name);
        }
    }
}
