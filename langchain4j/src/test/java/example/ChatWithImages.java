package example;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.bridgetower.BridgeTower;
import io.bridgetower.langchain4j.BridgeTowerEmbeddingModel;
import io.bridgetower.langchain4j.BridgeTowerScoringModel;
import io.bridgetower.langchain4j.ImageSegments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

public final class ChatWithImages {
    private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
    private final EmbeddingModel embeddingModel;
    private final ScoringModel scoringModel;
    private final ChatModel chatModel;

    public ChatWithImages(BridgeTower bridgeTower, ChatModel chatModel) {
        embeddingModel =
                BridgeTowerEmbeddingModel.builder().bridgeTower(bridgeTower).build();
        scoringModel =
                BridgeTowerScoringModel.builder().bridgeTower(bridgeTower).build();
        this.chatModel = chatModel;
    }

    /** Puts an image into the store. */
    public void add(Path file) throws IOException {
        ImageContent image = image(file);
        store.add(
                embed(EmbeddingInput.from(image)),
                ImageSegments.of(file.getFileName().toString(), image));
    }

    /** Finds images by a text, by an image, or by both together; the nearest first. */
    public List<TextSegment> find(EmbeddingInput input, int count) {
        EmbeddingSearchRequest search = EmbeddingSearchRequest.builder()
                .queryEmbedding(embed(input))
                .maxResults(count)
                .build();
        return store.search(search).matches().stream()
                .map(EmbeddingMatch::embedded)
                .toList();
    }

    /** Sends a question to the chat model together with the image that a description fits best. */
    public String ask(String question, String description) {
        List<TextSegment> found = find(EmbeddingInput.from(description), 5);
        List<Double> scores = scoringModel.scoreAll(found, description).content();
        int best = 0;
        for (int i = 1; i < scores.size(); i++) if (scores.get(i) > scores.get(best)) best = i;

        List<Content> contents = new ArrayList<>();
        contents.add(TextContent.from(question + " [" + found.get(best).text() + "]"));
        ImageSegments.image(found.get(best)).ifPresent(contents::add);
        return chatModel.chat(UserMessage.from(contents)).aiMessage().text();
    }

    private Embedding embed(EmbeddingInput input) {
        EmbeddingRequest request = EmbeddingRequest.builder().input(input).build();
        return embeddingModel.embed(request).embeddings().getFirst();
    }

    private static ImageContent image(Path file) throws IOException {
        return ImageContent.from(Base64.getEncoder().encodeToString(Files.readAllBytes(file)), "image/png");
    }

    /** Stands for a model that sees images, so that this runs offline: says what it was sent. */
    private static final class OfflineChatModel implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            UserMessage message = (UserMessage) request.messages().getLast();
            long images = message.contents().stream()
                    .filter(ImageContent.class::isInstance)
                    .count();
            String text = ((TextContent) message.contents().getFirst()).text();
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from("I was asked: " + text + ", with " + images + " image"))
                    .build();
        }
    }

    public static void main(String[] args) throws IOException {
        Path images = Path.of(args[1]);
        try (BridgeTower bridgeTower = BridgeTower.load(args[0])) {
            ChatWithImages chat = new ChatWithImages(bridgeTower, new OfflineChatModel());
            for (int i = 1; i <= 12; i++) chat.add(images.resolve("%02d.png".formatted(i)));

            System.out.println(chat.ask("What is on the table?", "a large blue square"));
            System.out.println("Like 02.png: "
                    + chat.find(EmbeddingInput.from(image(images.resolve("02.png"))), 2).stream()
                            .map(TextSegment::text)
                            .toList());
        }
    }
}
