package io.bridgetower.model;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.inputs.EncodingPrecision;
import io.bridgetower.model.runtime.EncodingMemory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A text, encoded once for any number of images. Made by {@link BridgeTowerModel#encodeTexts} and read by {@link
 * BridgeTowerModel#fuse} and the heads.
 */
public final class TextEncoding extends UnimodalEncoding {
    static final String KIND = "text";

    /** @param visible rows that may be attended to; null for all */
    TextEncoding(ModelIdentity model, EncodingMemory memory, BridgedStates.Shape shape, int[] visible) {
        super(model, memory, shape, visible);
    }

    /**
     * Reads a file that {@link #write} has written.
     *
     * @param model what will compute with it: the one that encoded the text, or another with the same weights
     * @throws MalformedFileException if the file is no such file, or is for another model
     * @throws IOException if it cannot be read
     */
    public static TextEncoding read(Path file, BridgeTowerModel model) throws IOException {
        return EncodingFile.read(file, KIND, model, (shape, visible, _) -> model.newText(shape, visible));
    }

    /**
     * A copy in another precision, or the same.
     *
     * @throws IllegalStateException if this is closed
     */
    public TextEncoding to(EncodingPrecision precision) {
        BridgedStates from = states();
        return copyTo(new TextEncoding(identity(), memory(), from.shape().with(precision), from.visible()));
    }

    @Override
    String kind() {
        return KIND;
    }

    @Override
    int tokenType() {
        return 0;
    }
}
