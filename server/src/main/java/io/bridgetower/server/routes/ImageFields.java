package io.bridgetower.server.routes;

import io.bridgetower.RemoteImages;
import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.server.compute.EncodedImage;
import io.bridgetower.server.http.HttpError;
import io.bridgetower.server.json.Field;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.regex.Pattern;

/** Images in requests: Base64, data URIs, addresses of hosts that are allowed, files of forms. */
final class ImageFields {
    private static final Pattern DATA = Pattern.compile("(?i)data:image/[\\w.+-]+(;[^,;]+)*;base64,");
    private static final Pattern ADDRESS = Pattern.compile("(?i)https?://\\S+");

    /** What is not Base64 but may stand between its lines. */
    private static final Pattern WHITE = Pattern.compile("\\s+");

    private final RemoteImages remote;

    /** @param remote null if images may not be downloaded */
    ImageFields(RemoteImages remote) {
        this.remote = remote;
    }

    /** Whether a text is an image where texts and images are allowed. */
    static boolean isImage(CharSequence text) {
        return DATA.matcher(text).lookingAt() || ADDRESS.matcher(text).matches();
    }

    /** The image of a field: a string, an object with {@code url}, {@code base64_image} or {@code bytes}, or a file. */
    EncodedImage read(Field field, Exif exif) {
        if (field.bytes() != null) return EncodedImage.of(field.place(), field.bytes(), exif);
        if (field.isObject()) return read(field.first("url", "base64_image", "bytes"), exif);
        CharSequence text = field.characters();
        if (ADDRESS.matcher(text).matches()) return download(field, text.toString(), exif);
        var data = DATA.matcher(text);
        return EncodedImage.of(field.place(), decoded(field, data.lookingAt() ? data.end() : 0), exif);
    }

    private EncodedImage download(Field field, String address, Exif exif) {
        if (remote == null) throw field.invalid("expected the image itself; this server downloads none");
        try {
            return EncodedImage.of(field.place(), remote.download(URI.create(address)), exif);
        } catch (IOException | IllegalArgumentException e) {
            // What the network says is not for clients, who could explore it.
            throw HttpError.invalid(field.place(), "the address is not allowed, or gives no image");
        }
    }

    /** @param from index of the first character that is Base64 */
    private static byte[] decoded(Field field, int from) {
        try {
            return field.base64(from);
        } catch (IllegalArgumentException e) {
            try {
                String base64 = field.string().substring(from);
                return Base64.getDecoder().decode(WHITE.matcher(base64).replaceAll(""));
            } catch (IllegalArgumentException stillNot) {
                throw field.invalid("expected an image in Base64, as a data URI or by its https address");
            }
        }
    }
}
