package io.bridgetower.spring;

import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.ImageBatches;
import io.bridgetower.ImageBatches.Input;
import io.bridgetower.ImageReferences;
import io.bridgetower.RemoteImages;
import io.bridgetower.UrlPolicy;
import io.bridgetower.hub.Hub;
import io.bridgetower.spring.BridgeTowerProperties.DocumentVector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;

/**
 * Computes with documents. Their images are media, or what their metadata refer to; files and addresses are read as the
 * properties allow. Owns the connections of downloads until {@link #close}.
 */
final class Documents implements AutoCloseable {
    private final BridgeTower bridgeTower;
    private final String name;
    private final BridgeTowerProperties.Images images;
    private final Timer embed, rank;
    private final RemoteImages remote;
    private final ImageReferences references;

    Documents(BridgeTower bridgeTower, BridgeTowerProperties properties, MeterRegistry registry) {
        this.bridgeTower = bridgeTower;
        name = Hub.nameOf(bridgeTower.directory());
        images = properties.images();
        embed = registry.timer("bridgetower.calls", "operation", "embed");
        rank = registry.timer("bridgetower.calls", "operation", "rank");
        remote = images.hosts().isEmpty() ? null : new RemoteImages(UrlPolicy.of(images.hosts()));
        ImageReferences allowed = ImageReferences.DATA_ONLY;
        if (images.directory() != null) allowed = allowed.withFiles(images.directory());
        if (remote != null) allowed = allowed.withRemote(remote);
        references = allowed;
    }

    String name() {
        return name;
    }

    EmbeddingResponse response(List<Embedding> embeddings) {
        return new EmbeddingResponse(embeddings, new EmbeddingResponseMetadata(name, new EmptyUsage()));
    }

    int dimensions() {
        return bridgeTower.model().config().contrastiveHiddenSize();
    }

    List<float[]> embedTexts(List<String> texts, EmbeddingOptions options) {
        check(options);
        return embed.record(() -> bridgeTower.embedTexts(texts));
    }

    /** In the order of the documents; throws as {@link #image}. */
    List<float[]> embed(List<Document> documents, EmbeddingOptions options) {
        check(options);
        return embed.record(() -> ImageBatches.embed(
                bridgeTower, documents.stream().map(this::input).toList()));
    }

    /** The probability that the query describes the image of each document; throws as {@link #image}. */
    List<Double> match(String query, List<Document> documents) {
        List<Supplier<Image>> suppliers = documents.stream()
                .<Supplier<Image>>map(document -> () -> image(document))
                .toList();
        return rank.record(() -> ImageBatches.match(bridgeTower, query, suppliers));
    }

    boolean hasImage(Document document) {
        return document.getMedia() != null || document.getMetadata().containsKey(images.metadataKey());
    }

    private Input input(Document document) {
        if (!hasImage(document)) return new Input(document.getText(), null);
        boolean joint = document.isText() && images.vector() == DocumentVector.JOINT;
        return new Input(joint ? document.getText() : null, () -> image(document));
    }

    /** @throws IllegalArgumentException if it has none, or one that cannot be read or is not allowed; names the document */
    private Image image(Document document) {
        Media media = document.getMedia();
        Object data = media != null ? media.getData() : document.getMetadata().get(images.metadataKey());
        try {
            if (data == null) {
                throw new IOException("expected an image as media or under \"" + images.metadataKey()
                        + "\" in the metadata, found none");
            }
            return data instanceof byte[] bytes ? Image.decode(bytes, "image") : references.read(data.toString());
        } catch (IOException e) {
            throw new IllegalArgumentException("document " + document.getId() + ": " + e.getMessage(), e);
        }
    }

    private void check(EmbeddingOptions options) {
        if (options == null || options.getDimensions() == null || options.getDimensions() == dimensions()) return;
        throw new IllegalArgumentException(
                "dimensions: expected " + dimensions() + ", found " + options.getDimensions());
    }

    @Override
    public void close() {
        if (remote != null) remote.close();
    }
}
