package io.bridgetower.spring;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import java.nio.file.Path;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the model.
 *
 * @param model Directory of the model, or its name on the Hugging Face Hub. Nothing is loaded without it.
 * @param revision Branch, tag or commit of a model on the Hub.
 * @param variant Variant of the weights, such as fp16.
 * @param threads Threads that work on a call; 0 for as many as there are processors.
 * @param weights How weights are held in memory.
 * @param precision How exactly matrices are multiplied.
 * @param cacheSize Memory for encodings of images and texts that later calls may need again.
 * @param truncate Whether texts that are too long are truncated; otherwise they are refused.
 * @param warmUp Whether to compute made-up inputs at start, so that the first real calls are fast.
 * @param images Images of documents.
 * @param rankTopN How many of the best documents are kept when they are ranked; 0 for all.
 */
@ConfigurationProperties("bridgetower")
public record BridgeTowerProperties(
        String model,
        @DefaultValue("main") String revision,
        String variant,
        @DefaultValue("0") int threads,
        @DefaultValue("f32") WeightPrecision weights,
        @DefaultValue("f32") ProductPrecision precision,
        @DefaultValue("256MB") DataSize cacheSize,
        @DefaultValue("false") boolean truncate,
        @DefaultValue("true") boolean warmUp,
        @DefaultValue Images images,
        @DefaultValue("0") int rankTopN) {
    /**
     * Images of documents.
     *
     * @param metadataKey Key of the image in the metadata of a document that has a text.
     * @param vector Vector of a document with a text and an image.
     * @param directory Directory below which images are read by file: URIs; no files are read without it.
     * @param hosts Hosts that images may be downloaded from, such as images.example.org or *.example.org.
     */
    public record Images(
            @DefaultValue("image") String metadataKey,
            @DefaultValue("image") DocumentVector vector,
            Path directory,
            @DefaultValue Set<String> hosts) {}

    /** The vector of a document that has a text and an image. */
    public enum DocumentVector {
        /** That of the image, so that a text finds it as it finds images without text. */
        IMAGE,
        /** That of both together. */
        JOINT
    }
}
