package io.bridgetower.spark.executor;

import io.bridgetower.files.Sha256;
import io.bridgetower.jobs.rows.ImageReference;
import io.bridgetower.jobs.rows.ImageSource;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/**
 * The images of rows that wait for their results. Those that come in rows are named by a hash of what they hold; paths are
 * their own names. Rows are added and removed by one thread at a time, images are read by any.
 */
final class HeldImages implements ImageSource {
    /** An image that rows hold, and how many of these wait. */
    private record Held(Object value, int rows) {}

    private final ImageColumn column;
    private final String root;
    private final Configuration configuration;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    /** @param root where relative paths start; empty for the default file system's working directory */
    HeldImages(ImageColumn column, String root, Configuration configuration) {
        this.column = column;
        this.root = root;
        this.configuration = configuration;
    }

    /** The name of a row's image, which can be read until the row is removed as often as it was added; null for none. */
    String add(Object value) {
        String name = name(value);
        if (name != null && column != ImageColumn.PATH) {
            held.merge(name, new Held(value, 1), (old, one) -> new Held(old.value(), old.rows() + 1));
        }
        return name;
    }

    /** @param name what {@link #add} has returned; null for none */
    void remove(String name) {
        if (name == null) return;
        held.computeIfPresent(name, (_, old) -> old.rows() == 1 ? null : new Held(old.value(), old.rows() - 1));
    }

    @Override
    public RgbImage read(String image) throws IOException {
        if (column == ImageColumn.PATH) return readPath(image);
        Held of = held.get(image);
        if (of == null) throw new IOException(image + ": its rows are gone");
        return switch (of.value()) {
            case byte[] content -> ImageCodec.decode(content, image);
            case Row row when column == ImageColumn.FILE -> ImageCodec.decode(row.<byte[]>getAs("content"), image);
            case Row row -> SparkImage.decode(row, image);
            default ->
                throw new IOException(
                        image + ": expected an image, found " + of.value().getClass());
        };
    }

    private RgbImage readPath(String image) throws IOException {
        if (image.regionMatches(true, 0, "data:", 0, 5)) {
            return ImageReference.read(image, java.nio.file.Path.of(""), ImageReadOptions.DEFAULT);
        }
        Path path;
        try {
            path = root.isEmpty() ? new Path(image) : new Path(new Path(root + "/"), image);
        } catch (IllegalArgumentException e) {
            throw new IOException(ImageReference.label(image) + ": not a path: " + e.getMessage(), e);
        }
        try (InputStream in = path.getFileSystem(configuration).open(path)) {
            return ImageCodec.read(in, image);
        } catch (FileNotFoundException e) {
            NoSuchFileException missing = new NoSuchFileException(image);
            missing.initCause(e);
            throw missing;
        }
    }

    private String name(Object value) {
        return switch (value) {
            case null -> null;
            case String path -> path;
            case byte[] content -> hash(content);
            case Row row when column == ImageColumn.FILE -> hash(row.getAs("content"));
            case Row row -> hash(row.getAs("data")) + " " + row.getAs("width") + "x" + row.getAs("height");
            default -> throw new IllegalArgumentException("expected an image, found " + value.getClass());
        };
    }

    private static String hash(byte[] content) {
        if (content == null) return null;
        MessageDigest digest = Sha256.digest();
        digest.update(content);
        return "sha256:" + Sha256.hex(digest);
    }
}
