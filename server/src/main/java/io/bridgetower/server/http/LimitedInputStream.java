package io.bridgetower.server.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A body of which only so much is read, for so long: more is an error. */
final class LimitedInputStream extends FilterInputStream {
    private final long max;
    private final long end;
    private long read;

    /** @param time in which all of it has to come, from now */
    LimitedInputStream(InputStream in, long max, Duration time) {
        super(in);
        this.max = max;
        end = System.nanoTime() + time.toNanos();
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
        if (System.nanoTime() - end > 0) throw HttpError.of(HttpError.Kind.SLOW, "the body comes too slowly");
    }

    static HttpError tooLarge(long max) {
        return HttpError.of(HttpError.Kind.TOO_LARGE, "the body is larger than " + max + " bytes");
    }
}
