package io.bridgetower.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** The lines of a text in UTF-8. A line ends at a line feed, with or without a carriage return before it. */
public final class TextLines {
    private final InputStream in;
    private final String name;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long lines;

    /** @param in standard input, buffered */
    public TextLines(InputStream in) {
        this(in, "standard input");
    }

    /**
     * @param in buffered
     * @param name what complaints call it
     */
    public TextLines(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /** The next line without its end, or null if there is none. */
    public String next() throws Failure {
        bytes.reset();
        int b = read();
        if (b < 0) return null;
        for (; b >= 0 && b != '\n'; b = read()) bytes.write(b);
        lines++;
        String line = decode();
        return b == '\n' && line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** The first line of a file without the byte order mark that some editors put before it; null for null. */
    public static String withoutMark(String line) {
        return line != null && line.startsWith("\uFEFF") ? line.substring(1) : line;
    }

    /** Whether there is more to read that has arrived already. */
    public boolean isNextReady() throws IOException {
        return in.available() > 0;
    }

    private int read() throws Failure {
        try {
            return in.read();
        } catch (IOException e) {
            throw new Failure(name + ": " + e.getMessage());
        }
    }

    private String decode() throws Failure {
        try {
            return utf8.decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw new Failure(name + ", line " + lines + ": not valid UTF-8");
        }
    }
}
