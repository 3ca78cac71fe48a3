package io.bridgetower.server.routes;

import io.bridgetower.server.compute.EncodedImage;
import io.bridgetower.server.json.Field;

/**
 * A text, an image, or both together.
 *
 * @param field where it is in the request
 * @param text null if there is none
 * @param image null if there is none
 */
record Input(Field field, String text, EncodedImage image) {
    boolean isText() {
        return image == null;
    }

    boolean isImage() {
        return text == null;
    }
}
