package io.bridgetower.model;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.inputs.EncodingPrecision;
import io.bridgetower.model.runtime.EncodingMemory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An image, encoded once for any number of texts. Made by {@link BridgeTowerModel#encodeImages} and read by {@link
 * BridgeTowerModel#fuse} and the heads. Its rows are the class token and every patch.
 */
public final class ImageEncoding extends UnimodalEncoding {
    static final String KIND = "image";

    private final int tokenTypeIdx;

    ImageEncoding(ModelIdentity model, EncodingMemory memory, BridgedStates.Shape shape, int tokenTypeIdx) {
        super(model, memory, shape, null);
        this.tokenTypeIdx = tokenTypeIdx;
    }

    /** Which row of the token type embeddings was added to its tokens. */
    public int tokenTypeIdx() {
        return tokenTypeIdx;
    }

    /**
     * Reads a file that {@link #write} has written.
     *
     * @param model what will compute with it: the one that encoded the image, or another with the same weights
     * @throws MalformedFileException if the file is no such file, or is for another model
     * @throws IOException if it cannot be read
     */
    public static ImageEncoding read(Path file, BridgeTowerModel model) throws IOException {
        return EncodingFile.read(file, KIND, model, (shape, _, tokenTypeIdx) -> model.newImage(shape, tokenTypeIdx));
    }

    /**
     * A copy in another precision, or the same.
     *
     * @throws IllegalStateException if this is closed
     */
    public ImageEncoding to(EncodingPrecision precision) {
        return copyTo(new ImageEncoding(identity(), memory(), states().shape().with(precision), tokenTypeIdx));
    }

    @Override
    String kind() {
        return KIND;
    }

    @Override
    int tokenType() {
        return tokenTypeIdx;
    }
}
