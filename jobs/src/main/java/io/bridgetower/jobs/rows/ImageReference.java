package io.bridgetower.jobs.rows;

import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An image as a table names it: a path, a {@code file} URL or a {@code data} URI. */
public final class ImageReference {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*", Pattern.DOTALL);

    /** Longer paths than any system has. */
    private static final int LONGEST_PATH = 1 << 15;

    private static final int QUOTED = 40;

    private ImageReference() {}

    /**
     * Reads the image.
     *
     * @param root where relative paths start
     * @throws IOException if there is none, or none that can be read; the message names it
     */
    public static RgbImage read(String reference, Path root, ImageReadOptions options) throws IOException {
        Matcher form = SCHEME.matcher(reference);
        String scheme = form.matches() ? form.group(1).toLowerCase(Locale.ROOT) : "";
        if (scheme.equals("data")) return data(reference, options);
        if (reference.length() > LONGEST_PATH) {
            throw new IOException(label(reference) + ": expected a path, found " + reference.length() + " characters");
        }
        if (scheme.equals("file")) return ImageCodec.read(file(reference, root), options);
        if (!scheme.isEmpty() && reference.startsWith("://", scheme.length())) {
            throw new IOException(reference + ": expected a file or a data URI, found a URL, which is not downloaded");
        }
        return ImageCodec.read(path(reference, root), options);
    }

    /** What messages call an image: not all of what may be a whole image in a line of text. */
    public static String label(String reference) {
        if (reference.length() <= QUOTED) return reference;
        boolean data = reference.regionMatches(true, 0, "data:", 0, 5);
        return data || reference.length() > LONGEST_PATH ? reference.substring(0, QUOTED) + "…" : reference;
    }

    private static Path path(String reference, Path root) throws IOException {
        try {
            Path path = root.resolve(reference);
            // Made on Windows, perhaps. A name may contain a backslash elsewhere.
            boolean foreign = reference.indexOf('\\') >= 0 && !Files.exists(path);
            return foreign ? root.resolve(reference.replace('\\', '/')) : path;
        } catch (InvalidPathException e) {
            throw new IOException(reference + ": not a path: " + e.getReason(), e);
        }
    }

    private static Path file(String reference, Path root) throws IOException {
        try {
            URI url = new URI(reference);
            String host = url.getAuthority();
            if (host != null && !host.isEmpty() && !host.equalsIgnoreCase("localhost")) {
                throw new IOException(reference + ": expected a local file, file:///…, found the host " + host);
            }
            if (url.getPath() == null) return path(url.getSchemeSpecificPart(), root);
            return Path.of(URI.create(new URI("file", "", url.getPath(), null).toASCIIString()));
        } catch (URISyntaxException e) {
            // Spaces and the like, as they are.
            String path = reference.replaceFirst("(?i)^file:(//(localhost)?(?=/))?", "");
            boolean drives = root.getFileSystem().getSeparator().equals("\\");
            return path(drives ? path.replaceFirst("^/(?=[A-Za-z]:/)", "") : path, root);
        } catch (IllegalArgumentException e) {
            throw new IOException(reference + ": not the URL of a file: " + e.getMessage(), e);
        }
    }

    private static RgbImage data(String uri, ImageReadOptions options) throws IOException {
        String name = label(uri);
        int comma = uri.indexOf(',');
        if (comma < 0) throw new IOException(name + ": expected data:[TYPE][;base64],DATA");
        byte[] content = percentDecoded(uri.substring(comma + 1));
        if (uri.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
            String base64 = new String(content, StandardCharsets.ISO_8859_1).replaceAll("\\s", "");
            boolean forUrls = base64.indexOf('-') >= 0 || base64.indexOf('_') >= 0;
            try {
                content = (forUrls ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(base64);
            } catch (IllegalArgumentException e) {
                throw new IOException(name + ": not valid Base64: " + e.getMessage(), e);
            }
        }
        return ImageCodec.decode(content, name, options);
    }

    /** The bytes of ASCII text, in which any may be written as a percent sign and two hexadecimal digits. */
    private static byte[] percentDecoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = c == '%'
                    && i + 2 < text.length()
                    && Character.digit(text.charAt(i + 1), 16) >= 0
                    && Character.digit(text.charAt(i + 2), 16) >= 0;
            bytes.write(escaped ? Integer.parseInt(text, i + 1, i + 3, 16) : c);
            if (escaped) i += 2;
        }
        return bytes.toByteArray();
    }
}
