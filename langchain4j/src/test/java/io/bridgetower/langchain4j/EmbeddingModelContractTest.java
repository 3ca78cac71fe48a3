package io.bridgetower.langchain4j;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import io.bridgetower.BridgeTower;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The tests that LangChain4j has for the embedding models of all providers. */
class EmbeddingModelContractTest extends AbstractEmbeddingModelIT {
    private static BridgeTower bridgeTower;

    @BeforeAll
    static void load() {
        bridgeTower = Demo.load();
    }

    @AfterAll
    static void close() {
        bridgeTower.close();
    }

    @Override
    protected List<EmbeddingModel> models() {
        return List.of(
                BridgeTowerEmbeddingModel.builder().bridgeTower(bridgeTower).build());
    }

    @Override
    protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
        return BridgeTowerEmbeddingModel.builder()
                .bridgeTower(bridgeTower)
                .listeners(List.of(listener))
                .build();
    }

    /** Its {@link BridgeTower} is closed. */
    @Override
    protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
        BridgeTower closed = Demo.load();
        EmbeddingModel model = BridgeTowerEmbeddingModel.builder()
                .bridgeTower(closed)
                .listeners(List.of(listener))
                .build();
        closed.close();
        return model;
    }

    @Override
    protected boolean supportsImageInput() {
        return true;
    }

    @Override
    protected boolean supportsInputTypeParameter() {
        return false;
    }

    @Override
    protected boolean supportsDimensionsParameter() {
        return false;
    }

    @Override
    protected ImageContent catImage() {
        return Demo.content("02.png");
    }
}
