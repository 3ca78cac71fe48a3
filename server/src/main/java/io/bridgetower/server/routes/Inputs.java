package io.bridgetower.server.routes;

import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.server.compute.EncodedImage;
import io.bridgetower.server.json.Field;
import java.util.ArrayList;
import java.util.List;

/** Reads what is to be embedded or compared, in the forms that clients send. */
final class Inputs {
    private final ImageFields images;
    private final int maxItems;

    /** @param maxItems of a list at most */
    Inputs(ImageFields images, int maxItems) {
        this.images = images;
        this.maxItems = maxItems;
    }

    /** How a string is meant. */
    enum Strings {
        /** Always as a text. */
        TEXTS,
        /** As an image. */
        IMAGES,
        /** As an image if it is a data URI or an address, as a text otherwise. */
        EITHER
    }

    /** The items of a list, or the one that is there in its place. */
    List<Input> all(Field field, Strings strings) {
        List<Input> inputs = new ArrayList<>();
        for (Field item : checked(field)) inputs.add(one(item, strings));
        return inputs;
    }

    /** One item. */
    Input one(Field field, Strings strings) {
        if (field.isString()) {
            boolean isImage =
                    strings == Strings.IMAGES || strings == Strings.EITHER && ImageFields.isImage(field.characters());
            return isImage ? image(field, Exif.APPLY) : new Input(field, field.string(), null);
        }
        if (field.bytes() != null) return image(field, Exif.APPLY);
        if (!field.isObject()) throw field.expected("a text, or an object with text or image");
        if (!field.get("content").isAbsent()) return content(field);
        return pair(field, field.get("text"), field.get("image"), Exif.APPLY);
    }

    /** A text and an image, either of which may be absent. */
    Input pair(Field field, Field text, Field image, Exif exif) {
        if (text.isAbsent() && image.isAbsent()) throw field.invalid("expected text or image, found neither");
        return new Input(
                field, text.isAbsent() ? null : text.string(), image.isAbsent() ? null : images.read(image, exif));
    }

    /** An image. */
    Input image(Field field, Exif exif) {
        return new Input(field, null, images.read(field, exif));
    }

    /** Texts and no images. */
    List<Input> texts(Field field) {
        List<Input> texts = new ArrayList<>();
        for (Field item : checked(field)) texts.add(new Input(item, item.string(), null));
        return texts;
    }

    /** Images and no texts; those that cannot be read are errors of their own. */
    List<Field> images(Field field) {
        if (field.isAbsent()) throw field.expected("an image, or an array of images");
        return checked(field);
    }

    EncodedImage read(Field field) {
        return images.read(field, Exif.APPLY);
    }

    /** Parts of {@code type} {@code text} and {@code image_url}, which are one together. */
    private Input content(Field field) {
        Field content = field.get("content");
        if (content.isString()) return new Input(field, content.string(), null);
        StringBuilder text = new StringBuilder();
        boolean hasText = false;
        EncodedImage image = null;
        for (Field part : content.list()) {
            switch (part.get("type").string()) {
                case "text" -> {
                    if (hasText) text.append(' ');
                    text.append(part.get("text").string());
                    hasText = true;
                }
                case "image_url", "image" -> {
                    if (image != null) throw part.invalid("expected one image, found a second");
                    image = images.read(part.first("image_url", "image"), Exif.APPLY);
                }
                default -> throw part.get("type").expected("text or image_url");
            }
        }
        return new Input(field, hasText ? text.toString() : null, image);
    }

    private List<Field> checked(Field field) {
        List<Field> items = field.listOrOne();
        if (items.size() <= maxItems) return items;
        throw field.invalid("expected at most " + maxItems + " items in a list, found " + items.size());
    }
}
