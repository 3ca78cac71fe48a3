package io.bridgetower.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import example.ChatWithImages;
import io.bridgetower.BridgeTower;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of docs/langchain4j.md. */
class ChatWithImagesTest {
    private static final Path SOURCE = Demo.ROOT.resolve("langchain4j/src/test/java/example/ChatWithImages.java");

    private static String page() throws Exception {
        return Files.readString(Demo.ROOT.resolve("docs/langchain4j.md")).replace("\r\n", "\n");
    }

    @Test
    void findsByTextImageAndBothAndSendsTheImage() throws Exception {
        List<UserMessage> sent = new ArrayList<>();
        ChatModel chatModel = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                sent.add((UserMessage) request.messages().getLast());
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from("a square"))
                        .build();
            }
        };
        try (BridgeTower bridgeTower = Demo.load()) {
            ChatWithImages chat = new ChatWithImages(bridgeTower, chatModel);
            for (int i = 1; i <= 12; i++) chat.add(Demo.file("%02d.png".formatted(i)));
            var text = TextContent.from("a large blue square");
            var image = Demo.content("02.png");
            for (EmbeddingInput input :
                    List.of(EmbeddingInput.from(text), EmbeddingInput.from(image), EmbeddingInput.from(text, image))) {
                List<TextSegment> found = chat.find(input, 1);
                assertEquals("02.png", found.getFirst().text(), input.contentTypes() + "");
            }
            assertEquals("a square", chat.ask("What is it?", text.text()));
            assertEquals(
                    List.of(TextContent.from("What is it? [02.png]"), image),
                    sent.getFirst().contents());
        }
    }

    @Test
    void printsWhatThePageSays() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            ChatWithImages.main(new String[] {Demo.ROOT.resolve("models/demo").toString(), Demo.IMAGES.toString()});
        } finally {
            System.setOut(before);
        }
        String output = printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        assertTrue(page().contains("```\n" + output + "```"), output);
    }

    @Test
    void thePageShowsTheSource() throws Exception {
        String source = Files.readString(SOURCE).replace("\r\n", "\n").replace("package example;\n\n", "");
        assertTrue(page().contains("```java\n" + source + "```"), "docs/langchain4j.md has another program");
    }
}
