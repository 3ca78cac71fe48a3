package io.bridgetower.langchain4j;

import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import java.util.ArrayList;
import java.util.List;

/**
 * One input of a request.
 *
 * @param index its place in the request, from 0
 * @param text null if it has none
 * @param image null if it has none
 */
record Part(int index, String text, ImageContent image) {
    /** @throws InvalidRequestException if the input has several images, nothing at all, or does not fit the space */
    static Part of(int index, EmbeddingInput input, EmbeddingSpace space) {
        List<String> texts = new ArrayList<>();
        List<ImageContent> images = new ArrayList<>();
        for (Content content : input.contents()) {
            if (content instanceof TextContent text && !text.text().isBlank()) texts.add(text.text());
            if (content instanceof ImageContent image) images.add(image);
        }
        String text = texts.isEmpty() ? null : String.join("\n", texts);
        ImageContent image = images.isEmpty() ? null : images.getFirst();
        Part part = new Part(index, text, image);
        if (images.size() > 1) throw part.invalid("expected one image at most, found " + images.size());
        if (text == null && image == null) throw part.invalid("expected a text or an image, found neither");
        if (space == EmbeddingSpace.SEPARATE && text != null && image != null) {
            throw part.invalid("expected a text or an image for the space SEPARATE, found both");
        }
        if (space == EmbeddingSpace.JOINT && (text == null || image == null)) {
            throw part.invalid("expected a text and an image for the space JOINT, found only "
                    + (text == null ? "an image" : "a text"));
        }
        return part;
    }

    /** What messages call it. */
    String place() {
        return "input " + (index + 1);
    }

    private InvalidRequestException invalid(String message) {
        return new InvalidRequestException(place() + ": " + message);
    }
}
