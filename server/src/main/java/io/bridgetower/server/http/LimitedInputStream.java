package io.bridgetower.server.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of which only so much is read: more is an error. */
final class LimitedInputStream extends FilterInputStream {
    private final long max;
    private long read;

    LimitedInputStream(InputStream in, long max) {
        super(in);
        this.max = max;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) count(1);
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        if (count > 0) count(count);
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int bytes) {
        read += bytes;
        if (read > max) throw tooLarge(max);
    }

    static HttpError tooLarge(long max) {
        return HttpError.of(HttpError.Kind.TOO_LARGE, "the body is larger than " + max + " bytes");
    }
}
