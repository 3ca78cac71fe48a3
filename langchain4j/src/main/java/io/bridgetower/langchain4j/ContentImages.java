package io.bridgetower.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import io.bridgetower.Image;
import io.bridgetower.ImageReferences;
import java.io.IOException;

/** Reads the images of requests, with errors as LangChain4j has them. */
final class ContentImages {
    private ContentImages() {}

    /**
     * Reads an image.
     *
     * @param place what messages call it
     * @throws InvalidRequestException if it cannot be read or is not allowed
     */
    static Image read(ImageReferences images, String reference, String place) {
        try {
            return images.read(reference);
        } catch (IOException e) {
            throw new InvalidRequestException(place + ": " + e.getMessage(), e);
        }
    }
}
