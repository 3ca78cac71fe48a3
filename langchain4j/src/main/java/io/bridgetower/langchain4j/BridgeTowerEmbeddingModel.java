package io.bridgetower.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.bridgetower.BridgeTower;
import io.bridgetower.ImageBatches;
import io.bridgetower.ImageReferences;
import io.bridgetower.hub.Hub;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Vectors of texts, of images, and of a text and an image together, computed in this process. An input has a text, an image, or
 * both; several texts of an input are joined by line breaks. Vectors have length 1 and compare by their dot product; which of
 * them go into one store, {@link EmbeddingSpace} says.
 *
 * <p>Images given by address are refused unless {@link Builder#images} allows them.
 *
 * <p>Safe for use by several threads at once. Does not own the {@link BridgeTower}, which has to stay open.
 */
public final class BridgeTowerEmbeddingModel implements EmbeddingModel {
    private final BridgeTower bridgeTower;
    private final EmbeddingSpace space;
    private final ImageReferences images;
    private final String modelName;
    private final List<EmbeddingModelListener> listeners;

    private BridgeTowerEmbeddingModel(Builder builder) {
        bridgeTower = Objects.requireNonNull(builder.bridgeTower, "bridgeTower");
        space = builder.space;
        images = builder.images;
        modelName = builder.modelName != null ? builder.modelName : Hub.nameOf(bridgeTower.directory());
        listeners = builder.listeners;
        bridgeTower.contrastive();
    }

    /** Options; {@link Builder#bridgeTower} has to be given. */
    public static Builder builder() {
        return new Builder();
    }

    /** Options of a {@link BridgeTowerEmbeddingModel}. */
    public static final class Builder {
        private BridgeTower bridgeTower;
        private EmbeddingSpace space = EmbeddingSpace.SHARED;
        private ImageReferences images = ImageReferences.DATA_ONLY;
        private String modelName;
        private List<EmbeddingModelListener> listeners = List.of();

        private Builder() {}

        /** The model that computes; not closed with the embedding model. */
        public Builder bridgeTower(BridgeTower bridgeTower) {
            this.bridgeTower = bridgeTower;
            return this;
        }

        /** Which vectors it makes; {@link EmbeddingSpace#SHARED} by default. */
        public Builder space(EmbeddingSpace space) {
            this.space = Objects.requireNonNull(space, "space");
            return this;
        }

        /** Which images may be read; only those given as data by default, no files and no addresses. */
        public Builder images(ImageReferences images) {
            this.images = Objects.requireNonNull(images, "images");
            return this;
        }

        /** The name that responses give; by default the model's name on the Hub, or that of its directory. */
        public Builder modelName(String modelName) {
            this.modelName = modelName;
            return this;
        }

        /** Who is told of requests, responses and errors. */
        public Builder listeners(List<EmbeddingModelListener> listeners) {
            this.listeners = List.copyOf(listeners);
            return this;
        }

        /**
         * Makes the embedding model.
         *
         * @throws NullPointerException if there is no {@link #bridgeTower}
         * @throws UnsupportedOperationException if the checkpoint has no {@linkplain io.bridgetower.Head#CONTRASTIVE
         *     contrastive} heads
         */
        public BridgeTowerEmbeddingModel build() {
            return new BridgeTowerEmbeddingModel(this);
        }
    }

    /** {@link ContentType#TEXT} and {@link ContentType#IMAGE}. */
    @Override
    public Set<ContentType> supportedContentTypes() {
        return Set.of(ContentType.TEXT, ContentType.IMAGE);
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return listeners;
    }

    /** The length of every vector. */
    @Override
    public int dimension() {
        return bridgeTower.model().config().contrastiveHiddenSize();
    }

    @Override
    public String modelName() {
        return modelName;
    }

    /**
     * Embeds inputs.
     *
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the request has parameters, or contents other than
     *     texts and images
     * @throws dev.langchain4j.exception.InvalidRequestException if an input has several images, or does not fit the
     *     {@link EmbeddingSpace}, or its image cannot be read; the message names the input
     * @throws IllegalArgumentException if a text has more tokens than the model reads
     * @throws IllegalStateException if the {@link BridgeTower} is closed
     */
    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        if (listeners.isEmpty()) return EmbeddingModel.super.embed(request);
        return EmbeddingModel.super.embed(EmbeddingRequest.builder()
                .inputs(request.inputs().stream().map(ImageInput::named).toList())
                .parameters(request.parameters())
                .build());
    }

    /** Embeds inputs that were checked; throws as {@link #embed(EmbeddingRequest)}. */
    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        List<Part> parts = new ArrayList<>();
        for (EmbeddingInput input : request.inputs()) parts.add(Part.of(parts.size(), input, space));
        List<Embedding> embeddings = ImageBatches.embed(
                        bridgeTower, parts.stream().map(this::input).toList())
                .stream()
                .map(Embedding::from)
                .toList();
        int tokens = parts.stream()
                .filter(part -> part.text() != null)
                .mapToInt(part -> bridgeTower.textPreparation().ids(part.text()).length)
                .sum();
        return EmbeddingResponse.builder()
                .embeddings(embeddings)
                .modelName(modelName)
                .tokenUsage(new TokenUsage(tokens))
                .build();
    }

    private ImageBatches.Input input(Part part) {
        return new ImageBatches.Input(
                part.text(),
                part.image() == null
                        ? null
                        : () -> ContentImages.read(images, ImageSegments.reference(part.image()), part.place()));
    }

    /** Listeners are given texts, which LangChain4j does not allow to be blank: an image without one is called so. */
    private static final class ImageInput extends EmbeddingInput {
        private ImageInput(List<Content> contents) {
            super(contents);
        }

        static EmbeddingInput named(EmbeddingInput input) {
            return input.text().isBlank() && input.contentTypes().contains(ContentType.IMAGE)
                    ? new ImageInput(input.contents())
                    : input;
        }

        @Override
        public String text() {
            return "image";
        }
    }
}
