package io.bridgetower.processor.image.codec;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * The bytes of a file as the readers of {@code javax.imageio} want them. Some readers take the end of the file for zeros
 * without end, and go on for minutes: after a few attempts to read behind the end, this throws.
 */
final class ByteArrayImageInput extends ImageInputStreamImpl {
    /** Readers may look ahead. */
    private static final int MAX_READS_BEHIND_THE_END = 1 << 10;

    private final byte[] data;
    private final long length;
    private int readsBehindTheEnd;

    ByteArrayImageInput(byte[] data) {
        this(data, data.length);
    }

    /** @param length what to give as the length, for readers that derive a limit from it */
    ByteArrayImageInput(byte[] data, long length) {
        this.data = data;
        this.length = length;
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        if (streamPos >= data.length) return end();
        return data[(int) streamPos++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        bitOffset = 0;
        if (count == 0) return 0;
        if (streamPos >= data.length) return end();
        int available = (int) Math.min(count, data.length - streamPos);
        System.arraycopy(data, (int) streamPos, bytes, from, available);
        streamPos += available;
        return available;
    }

    @Override
    public long length() {
        return length;
    }

    /** @throws IOException other than {@link java.io.EOFException}, which readers catch */
    private int end() throws IOException {
        if (++readsBehindTheEnd > MAX_READS_BEHIND_THE_END) throw new IOException("the file ends early");
        return -1;
    }
}
