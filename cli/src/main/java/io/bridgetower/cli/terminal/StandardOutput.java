package io.bridgetower.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Where results go. It remembers its first failure: between it and a command there are writers that forget theirs. It
 * is flushed rather than closed.
 */
public final class StandardOutput extends FilterOutputStream {
    private IOException failure;

    StandardOutput(OutputStream target) {
        super(new BufferedOutputStream(target));
    }

    /** Whether {@code failure}, which may be null, says that the reader of a pipe has gone. */
    public static boolean isBrokenPipe(IOException failure) {
        return failure != null && String.valueOf(failure.getMessage()).contains("Broken pipe");
    }

    /** The first failure, or null. */
    public IOException failure() {
        return failure;
    }

    /** Writes out what is buffered; false if that or anything before it failed. */
    public boolean finish() {
        try {
            flush();
        } catch (IOException e) {
            assert e == failure;
        }
        return failure == null;
    }

    @Override
    public void write(int b) throws IOException {
        attempt(() -> out.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        attempt(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        attempt(out::flush);
    }

    @Override
    public void close() throws IOException {
        flush();
    }

    private interface Action {
        void run() throws IOException;
    }

    private void attempt(Action action) throws IOException {
        if (failure != null) throw failure;
        try {
            action.run();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
