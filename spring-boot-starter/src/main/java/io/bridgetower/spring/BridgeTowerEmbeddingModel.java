package io.bridgetower.spring;

import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/**
 * Vectors of texts, and of documents as vector stores ask for them: a document with an image has the image's vector, or that of
 * image and text together if the properties say so. A query in words therefore finds images. Vectors have length 1.
 *
 * <p>Safe for use by several threads at once.
 */
public final class BridgeTowerEmbeddingModel implements EmbeddingModel {
    private final Documents documents;

    BridgeTowerEmbeddingModel(Documents documents) {
        this.documents = documents;
    }

    /**
     * Embeds texts.
     *
     * @throws IllegalArgumentException if a text has more tokens than the model reads, or the options ask for another number of
     *     dimensions
     * @throws UnsupportedOperationException if the checkpoint has no contrastive heads
     */
    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        List<Embedding> embeddings = new ArrayList<>();
        for (float[] vector : documents.embedTexts(request.getInstructions(), request.getOptions())) {
            embeddings.add(new Embedding(vector, embeddings.size()));
        }
        return documents.response(embeddings);
    }

    /** Embeds a document; throws as {@link #embed(List, EmbeddingOptions, BatchingStrategy)}. */
    @Override
    public float[] embed(Document document) {
        return embed(List.of(document), null, null).getFirst();
    }

    /**
     * Embeds documents in batches of its own; the strategy, which is for the limits of remote services, has no influence.
     *
     * @throws IllegalArgumentException if the image of a document cannot be read or is not allowed, which names the document, a text
     *     has more tokens than the model reads, or the options ask for another number of dimensions
     * @throws UnsupportedOperationException if the checkpoint has no contrastive heads
     */
    @Override
    public List<float[]> embed(List<Document> wanted, EmbeddingOptions options, BatchingStrategy strategy) {
        return documents.embed(wanted, options);
    }

    @Override
    public int dimensions() {
        return documents.dimensions();
    }
}
