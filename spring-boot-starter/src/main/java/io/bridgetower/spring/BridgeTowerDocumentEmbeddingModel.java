package io.bridgetower.spring;

import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.DocumentEmbeddingModel;
import org.springframework.ai.embedding.DocumentEmbeddingRequest;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResultMetadata;
import org.springframework.ai.embedding.EmbeddingResultMetadata.ModalityType;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * Vectors of documents with their metadata; the same as those of {@link BridgeTowerEmbeddingModel}.
 *
 * <p>Safe for use by several threads at once.
 */
public final class BridgeTowerDocumentEmbeddingModel implements DocumentEmbeddingModel {
    private final Documents documents;

    BridgeTowerDocumentEmbeddingModel(Documents documents) {
        this.documents = documents;
    }

    /** Embeds documents; throws as {@link BridgeTowerEmbeddingModel#embed(Document)}. */
    @Override
    public EmbeddingResponse call(DocumentEmbeddingRequest request) {
        List<float[]> computed = documents.embed(request.getInstructions(), request.getOptions());
        List<Embedding> embeddings = new ArrayList<>();
        for (Document document : request.getInstructions()) {
            int index = embeddings.size();
            embeddings.add(new Embedding(computed.get(index), index, metadata(document)));
        }
        return documents.response(embeddings);
    }

    private EmbeddingResultMetadata metadata(Document document) {
        ModalityType modality = documents.hasImage(document) ? ModalityType.IMAGE : ModalityType.TEXT;
        MimeType type = document.getMedia() != null ? document.getMedia().getMimeType() : MimeTypeUtils.TEXT_PLAIN;
        return new EmbeddingResultMetadata(document.getId(), modality, type, document.getText());
    }

    @Override
    public int dimensions() {
        return documents.dimensions();
    }
}
