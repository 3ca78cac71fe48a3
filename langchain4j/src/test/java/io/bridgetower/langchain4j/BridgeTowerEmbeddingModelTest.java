package io.bridgetower.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.ImageReferences;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BridgeTowerEmbeddingModelTest {
    private static final TextContent SQUARE = TextContent.from("a large blue square");

    private static BridgeTower bridgeTower;

    @BeforeAll
    static void load() {
        bridgeTower = Demo.load();
    }

    @AfterAll
    static void close() {
        bridgeTower.close();
    }

    private static BridgeTowerEmbeddingModel model(EmbeddingSpace space) {
        return BridgeTowerEmbeddingModel.builder()
                .bridgeTower(bridgeTower)
                .space(space)
                .build();
    }

    private static EmbeddingResponse embed(BridgeTowerEmbeddingModel model, EmbeddingInput... inputs) {
        return model.embed(EmbeddingRequest.builder().inputs(inputs).build());
    }

    private static String refusal(BridgeTowerEmbeddingModel model, Content... contents) {
        return assertThrows(
                        InvalidRequestException.class,
                        () -> embed(model, EmbeddingInput.from("a star"), EmbeddingInput.from(contents)))
                .getMessage();
    }

    @Test
    void vectorsOfEveryKindAreThoseOfBridgeTowerInTheOrderOfTheRequest() throws Exception {
        Image second = Image.read(Demo.file("02.png")), third = Image.read(Demo.file("03.png"));
        ImageContent image = Demo.content("02.png");
        EmbeddingResponse response = embed(
                model(EmbeddingSpace.SHARED),
                EmbeddingInput.from(image),
                EmbeddingInput.from("a star"),
                EmbeddingInput.from(SQUARE, image),
                EmbeddingInput.from(Demo.content("03.png")),
                EmbeddingInput.from(image, SQUARE),
                EmbeddingInput.from(SQUARE));
        List<float[]> expected = List.of(
                bridgeTower.embed(second),
                bridgeTower.embed("a star"),
                bridgeTower.embed(second, SQUARE.text()),
                bridgeTower.embed(third),
                bridgeTower.embed(second, SQUARE.text()),
                bridgeTower.embed(SQUARE.text()));
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), response.embeddings().get(i).vector(), "input " + i);
        }
        assertEquals("demo", response.modelName());
    }

    @Test
    void moreImagesThanABatchKeepTheirOrder() throws Exception {
        List<EmbeddingInput> inputs = new ArrayList<>();
        for (int i = 0; i < 20; i++) inputs.add(EmbeddingInput.from(Demo.content("%02d.png".formatted(i % 12 + 1))));
        EmbeddingResponse response = embed(model(EmbeddingSpace.SHARED), inputs.toArray(EmbeddingInput[]::new));
        for (int i = 0; i < 20; i++) {
            float[] expected = bridgeTower.embed(Image.read(Demo.file("%02d.png".formatted(i % 12 + 1))));
            assertArrayEquals(expected, response.embeddings().get(i).vector(), "input " + i);
        }
    }

    @Test
    void tokensAreCountedWithSpecialTokens() {
        EmbeddingResponse response = embed(
                model(EmbeddingSpace.SHARED),
                EmbeddingInput.from(SQUARE),
                EmbeddingInput.from(Demo.content("02.png")),
                EmbeddingInput.from(SQUARE, Demo.content("02.png")));
        int tokens = bridgeTower.textPreparation().ids(SQUARE.text()).length;
        assertEquals(2 * tokens, response.tokenUsage().inputTokenCount());
    }

    @Test
    void aSpaceRefusesVectorsThatAreNotItsOwn() {
        ImageContent image = Demo.content("02.png");
        assertEquals(
                "input 2: expected a text or an image for the space SEPARATE, found both",
                refusal(model(EmbeddingSpace.SEPARATE), SQUARE, image));
        var joint = model(EmbeddingSpace.JOINT);
        assertEquals(
                1, embed(joint, EmbeddingInput.from(SQUARE, image)).embeddings().size());
        assertEquals(
                "input 1: expected a text and an image for the space JOINT, found only a text",
                refusal(joint, SQUARE, image));
        InvalidRequestException alone =
                assertThrows(InvalidRequestException.class, () -> embed(joint, EmbeddingInput.from(image)));
        assertEquals(
                "input 1: expected a text and an image for the space JOINT, found only an image", alone.getMessage());
    }

    @Test
    void inputsThatCannotBeEmbeddedAreNamed() {
        var model = model(EmbeddingSpace.SHARED);
        ImageContent image = Demo.content("02.png");
        assertEquals("input 2: expected one image at most, found 2", refusal(model, image, image));
        assertEquals(
                "input 2: https://images.example.org/a.png: images are not downloaded unless a UrlPolicy allows their"
                        + " host",
                refusal(model, ImageContent.from("https://images.example.org/a.png")));
        assertTrue(refusal(model, ImageContent.from("aGVsbG8=", "image/png")).startsWith("input 2: image: "));
        assertTrue(
                refusal(model, ImageContent.from("%%%", "image/png")).contains("input 2: expected an image as Base64"));
    }

    @Test
    void filesAreReadFromTheDirectoryThatIsAllowed() throws Exception {
        Path file = Demo.file("02.png");
        ImageContent content = ImageContent.from(file.toUri());
        assertTrue(refusal(model(EmbeddingSpace.SHARED), content).endsWith("unless a directory is allowed"));
        var model = BridgeTowerEmbeddingModel.builder()
                .bridgeTower(bridgeTower)
                .images(ImageReferences.DATA_ONLY.withFiles(Demo.IMAGES))
                .build();
        float[] vector = embed(model, EmbeddingInput.from(content))
                .embeddings()
                .getFirst()
                .vector();
        assertArrayEquals(bridgeTower.embed(Image.read(file)), vector);
    }

    @Test
    void listenersAreToldOfImagesWithoutText() {
        List<Integer> told = new ArrayList<>();
        var model = BridgeTowerEmbeddingModel.builder()
                .bridgeTower(bridgeTower)
                .modelName("shapes")
                .listeners(List.of(new EmbeddingModelListener() {
                    @Override
                    public void onResponse(EmbeddingModelResponseContext context) {
                        told.add(context.embeddingResponse().embeddings().size());
                    }
                }))
                .build();
        EmbeddingResponse response =
                embed(model, EmbeddingInput.from(Demo.content("02.png")), EmbeddingInput.from("a star"));
        assertEquals(List.of(2), told);
        assertEquals("shapes", response.modelName());
    }

    @Test
    void needsABridgeTower() {
        assertThrows(
                NullPointerException.class,
                () -> BridgeTowerEmbeddingModel.builder().build());
    }
}
