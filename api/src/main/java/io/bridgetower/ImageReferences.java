package io.bridgetower;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Reads images that texts refer to, such as the metadata of documents: as a data URI, in Base64, by a {@code file:} URI or by
 * an {@code https} address. Texts come from anywhere, so files and addresses are refused until they are allowed.
 *
 * <pre>{@code
 * ImageReferences images = ImageReferences.DATA_ONLY.withFiles(Path.of("/srv/images"));
 * Image image = images.read("file:///srv/images/cat.jpg");
 * }</pre>
 *
 * <p>Immutable and safe for use by several threads at once.
 */
public final class ImageReferences {
    /** Reads data URIs and Base64; refuses files and addresses. */
    public static final ImageReferences DATA_ONLY = new ImageReferences(null, null);

    private static final Pattern DATA = Pattern.compile("(?i)data:[^,]*,");
    private static final Pattern BASE64_DATA = Pattern.compile("(?i)data:image/[\\w.+-]+(;[^,;]+)*;base64,");
    private static final Pattern FILE = Pattern.compile("(?i)file:.*", Pattern.DOTALL);
    private static final Pattern ADDRESS = Pattern.compile("(?i)https?://.*", Pattern.DOTALL);

    /** What is not Base64 but may stand between its lines. */
    private static final Pattern WHITE = Pattern.compile("\\s+");

    /** Characters of a text that a message quotes. */
    private static final int QUOTED = 100;

    private final Path files;
    private final RemoteImages remote;

    private ImageReferences(Path files, RemoteImages remote) {
        this.files = files;
        this.remote = remote;
    }

    /** The same, but files in a directory and below are read too; links must not lead out of it. */
    public ImageReferences withFiles(Path directory) {
        return new ImageReferences(directory.toAbsolutePath().normalize(), remote);
    }

    /** The same, but images are downloaded too, as a policy allows; the caller closes {@code images} after the last use. */
    public ImageReferences withRemote(RemoteImages images) {
        return new ImageReferences(files, Objects.requireNonNull(images, "images"));
    }

    /**
     * Reads an image.
     *
     * @param reference a data URI, a {@code file:} URI, an address or Base64
     * @throws io.bridgetower.files.MalformedFileException if it is not an image of a known format, is damaged or truncated, or
     *     passes a limit
     * @throws IOException if the reference is none of these, is not allowed, or cannot be read; the message says which
     */
    public Image read(String reference) throws IOException {
        if (ADDRESS.matcher(reference).matches()) return download(reference);
        if (FILE.matcher(reference).matches()) return readFile(reference);
        var data = BASE64_DATA.matcher(reference);
        if (data.lookingAt()) return decode(reference.substring(data.end()));
        if (DATA.matcher(reference).lookingAt()) {
            throw new IOException("expected data:image/TYPE;base64, found " + quoted(reference));
        }
        return decode(reference);
    }

    private Image download(String address) throws IOException {
        if (remote == null) {
            throw new IOException(quoted(address) + ": images are not downloaded unless a UrlPolicy allows their host");
        }
        return remote.read(uri(address));
    }

    private Image readFile(String reference) throws IOException {
        if (files == null)
            throw new IOException(quoted(reference) + ": files are not read unless a directory is allowed");
        Path file;
        try {
            file = Path.of(uri(reference)).normalize();
        } catch (IllegalArgumentException e) {
            throw new IOException(quoted(reference) + ": expected file:///DIRECTORY/FILE", e);
        }
        // Nothing outside is touched, so that messages do not tell what is there.
        if (!file.startsWith(files) || !file.toRealPath().startsWith(files.toRealPath())) {
            throw new IOException(quoted(reference) + ": is not below the directory that is allowed");
        }
        return Image.read(file);
    }

    private static URI uri(String reference) throws IOException {
        try {
            return URI.create(reference);
        } catch (IllegalArgumentException e) {
            throw new IOException(quoted(reference) + ": expected a valid URI", e);
        }
    }

    private static Image decode(String base64) throws IOException {
        byte[] encoded;
        try {
            encoded = Base64.getDecoder().decode(WHITE.matcher(base64).replaceAll(""));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "expected an image as Base64, data URI, file: URI or https address, found " + quoted(base64), e);
        }
        return Image.decode(encoded, "image");
    }

    private static String quoted(String text) {
        return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "…";
    }
}
