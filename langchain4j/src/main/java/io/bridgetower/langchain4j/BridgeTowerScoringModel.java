package io.bridgetower.langchain4j;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.ImageBatches;
import io.bridgetower.ImageReferences;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Scores images by how well a query describes them: the probability of a match, from 0 to 1, of the cross-modal encoder, which
 * reads image and query together. That is slower and more exact than comparing embeddings, so score what a search has found.
 *
 * <p>Segments hold their image in the metadata, see {@link ImageSegments}; their text has no influence on the score. Images
 * given by address are refused unless {@link Builder#images} allows them.
 *
 * <p>Safe for use by several threads at once. Does not own the {@link BridgeTower}, which has to stay open.
 */
public final class BridgeTowerScoringModel implements ScoringModel {
    private final BridgeTower bridgeTower;
    private final ImageReferences images;
    private final String imageKey;

    private BridgeTowerScoringModel(Builder builder) {
        bridgeTower = Objects.requireNonNull(builder.bridgeTower, "bridgeTower");
        images = builder.images;
        imageKey = builder.imageKey;
        bridgeTower.matching();
    }

    /** Options; {@link Builder#bridgeTower} has to be given. */
    public static Builder builder() {
        return new Builder();
    }

    /** Options of a {@link BridgeTowerScoringModel}. */
    public static final class Builder {
        private BridgeTower bridgeTower;
        private ImageReferences images = ImageReferences.DATA_ONLY;
        private String imageKey = ImageSegments.KEY;

        private Builder() {}

        /** The model that computes; not closed with the scoring model. */
        public Builder bridgeTower(BridgeTower bridgeTower) {
            this.bridgeTower = bridgeTower;
            return this;
        }

        /** Which images may be read; only those given as data by default, no files and no addresses. */
        public Builder images(ImageReferences images) {
            this.images = Objects.requireNonNull(images, "images");
            return this;
        }

        /** The key of the image in the metadata of a segment; {@link ImageSegments#KEY} by default. */
        public Builder imageKey(String key) {
            this.imageKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /**
         * Makes the scoring model.
         *
         * @throws NullPointerException if there is no {@link #bridgeTower}
         * @throws UnsupportedOperationException if the checkpoint has no {@linkplain io.bridgetower.Head#MATCHING matching} head
         */
        public BridgeTowerScoringModel build() {
            return new BridgeTowerScoringModel(this);
        }
    }

    /**
     * Scores the images of segments.
     *
     * @return a probability for each segment, in their order
     * @throws InvalidRequestException if a segment has no image, or one that cannot be read; the message names the segment
     * @throws IllegalArgumentException if the query has more tokens than the model reads
     * @throws IllegalStateException if the {@link BridgeTower} is closed
     */
    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        List<String> references = new ArrayList<>(segments.size());
        for (TextSegment segment : segments) {
            String reference = segment.metadata().getString(imageKey);
            if (reference == null) {
                throw new InvalidRequestException("segment " + (references.size() + 1) + ": expected an image under \""
                        + imageKey + "\" in the metadata, found none");
            }
            references.add(reference);
        }
        return score("segment", references, query);
    }

    /** Scores images; as {@link #scoreAll}. */
    public Response<List<Double>> scoreImages(List<ImageContent> contents, String query) {
        return score("image", contents.stream().map(ImageSegments::reference).toList(), query);
    }

    private Response<List<Double>> score(String kind, List<String> references, String query) {
        List<Supplier<Image>> read = new ArrayList<>(references.size());
        for (String reference : references) {
            String place = kind + " " + (read.size() + 1);
            read.add(() -> ContentImages.read(images, reference, place));
        }
        return Response.from(ImageBatches.match(bridgeTower, query, read));
    }
}
