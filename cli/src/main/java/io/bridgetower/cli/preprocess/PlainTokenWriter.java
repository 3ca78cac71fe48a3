package io.bridgetower.cli.preprocess;

import io.bridgetower.cli.terminal.Printable;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Tokens for people: each as its id, a colon and what the vocabulary writes. */
final class PlainTokenWriter implements TokenWriter {
    private final Writer out;

    PlainTokenWriter(Writer out) {
        this.out = out;
    }

    @Override
    public void write(int[] ids, List<String> tokens) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
            if (i > 0) line.append(' ');
            line.append(ids[i]).append(':').append(Printable.of(tokens.get(i)));
        }
        out.append(line).append('\n');
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
