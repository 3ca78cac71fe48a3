package example;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.stereotype.Service;

@Service
public final class Gallery {
    private final VectorStore store;
    private final DocumentPostProcessor ranker;

    public Gallery(EmbeddingModel embeddingModel, DocumentPostProcessor ranker) {
        this.store = SimpleVectorStore.builder(embeddingModel).build();
        this.ranker = ranker;
    }

    public void add(String caption, Path image) {
        store.add(List.of(new Document(caption, Map.of("image", image.toUri().toString()))));
    }

    public List<Document> find(String description) {
        List<Document> found = store.similaritySearch(
                SearchRequest.builder().query(description).topK(20).build());
        return ranker.process(new Query(description), found);
    }
}
