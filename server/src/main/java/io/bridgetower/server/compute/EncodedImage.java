package io.bridgetower.server.compute;

import io.bridgetower.files.Sha256;
import io.bridgetower.processor.image.raster.Exif;
import java.security.MessageDigest;

/**
 * The bytes of an image's file, as a client sent them.
 *
 * @param name what messages call it
 * @param bytes not to be written to
 * @param exif what to do about its orientation
 * @param key the same for images with the same bytes that are read in the same way
 */
public record EncodedImage(String name, byte[] bytes, Exif exif, String key) {
    /** An image with a key of its content. */
    public static EncodedImage of(String name, byte[] bytes, Exif exif) {
        MessageDigest digest = Sha256.digest();
        digest.update(bytes);
        return new EncodedImage(name, bytes, exif, Sha256.hex(digest) + "-" + exif);
    }

    @Override
    public String toString() {
        return name;
    }
}
