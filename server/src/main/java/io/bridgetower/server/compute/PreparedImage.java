package io.bridgetower.server.compute;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.EncodingCache;
import io.bridgetower.model.ImageEncoding;

/**
 * An image that is ready to be computed with: its pixels, or an encoding that was there already. It keeps its memory as long as
 * it has users.
 */
public final class PreparedImage implements AutoCloseable {
    private final String key;
    private final PixelPool pool;
    private Tensor pixels;
    private EncodingCache.Lease<ImageEncoding> encoding;
    private int users = 1;

    private PreparedImage(String key, PixelPool pool, Tensor pixels, EncodingCache.Lease<ImageEncoding> encoding) {
        this.key = key;
        this.pool = pool;
        this.pixels = pixels;
        this.encoding = encoding;
    }

    /** @param pixels a place of the pool, which returns there */
    static PreparedImage ofPixels(String key, PixelPool pool, Tensor pixels) {
        return new PreparedImage(key, pool, pixels, null);
    }

    /** @param encoding belongs to the image from now on */
    static PreparedImage ofEncoding(String key, EncodingCache.Lease<ImageEncoding> encoding) {
        return new PreparedImage(key, null, null, encoding);
    }

    /** The same for images with the same content. */
    String key() {
        return key;
    }

    /** The pixels, [1, channels, height, width]; null if there is an encoding. */
    synchronized Tensor pixels() {
        return pixels;
    }

    /** The encoding; null if there is none yet. */
    synchronized ImageEncoding encoding() {
        return encoding == null ? null : encoding.value();
    }

    /** Takes an encoding in place of the pixels, and owns it from now on. */
    synchronized void encoded(EncodingCache.Lease<ImageEncoding> made) {
        if (encoding != null) {
            made.close();
            return;
        }
        encoding = made;
        freePixels();
    }

    /** Adds a user, who has to close it. */
    synchronized PreparedImage retain() {
        if (users == 0) throw new IllegalStateException("the image is closed");
        users++;
        return this;
    }

    /** Ends the use by one user. */
    @Override
    public synchronized void close() {
        if (users == 0) throw new IllegalStateException("the image is closed");
        if (--users > 0) return;
        freePixels();
        if (encoding != null) encoding.close();
    }

    private void freePixels() {
        if (pixels != null) pool.giveBack(pixels);
        pixels = null;
    }
}
