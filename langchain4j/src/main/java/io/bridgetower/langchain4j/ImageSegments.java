package io.bridgetower.langchain4j;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.segment.TextSegment;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text segments that stand for images. LangChain4j's stores, retrievers and aggregators pass on {@link TextSegment}s, so the
 * image is kept in the metadata of one: as a data URI if it is given as Base64, else its address.
 */
public final class ImageSegments {
    /** The key of the image in the metadata, unless another is given. */
    public static final String KEY = "image";

    private static final Pattern DATA = Pattern.compile("data:([^;,]+);base64,(.+)", Pattern.DOTALL);

    private ImageSegments() {}

    /**
     * A segment with an image under {@link #KEY}.
     *
     * @param text what a store shows for the image: a caption, or its name; not blank
     * @throws IllegalArgumentException if the text is blank, or the image has neither data nor an address
     */
    public static TextSegment of(String text, ImageContent image) {
        return TextSegment.from(text, Metadata.from(KEY, reference(image)));
    }

    /** The image of a segment under {@link #KEY}, to be sent to a chat model or embedded; empty if it has none. */
    public static Optional<ImageContent> image(TextSegment segment) {
        String reference = segment.metadata().getString(KEY);
        if (reference == null) return Optional.empty();
        Matcher data = DATA.matcher(reference);
        return Optional.of(
                data.matches()
                        ? ImageContent.from(data.group(2), data.group(1))
                        : ImageContent.from(URI.create(reference)));
    }

    /** What {@link io.bridgetower.ImageReferences} reads for an image. */
    static String reference(ImageContent content) {
        Image image = content.image();
        if (image.base64Data() != null) {
            String type = image.mimeType() == null ? "image/png" : image.mimeType();
            return "data:" + type + ";base64," + image.base64Data();
        }
        if (image.url() == null)
            throw new IllegalArgumentException("image: expected Base64 or an address, found neither");
        return image.url().toString();
    }
}
