package io.bridgetower.jobs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** The lines of a file in UTF-8, none of which can fill the memory. */
final class Lines {
    /** Bytes of a line at the most. */
    static final int LONGEST = 1 << 20;

    /** What some editors put before the first line. */
    private static final String MARK = "\uFEFF";

    private final InputStream in;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long number;

    /** @param in buffered */
    Lines(InputStream in) {
        this.in = in;
    }

    /**
     * A line.
     *
     * @param number from 1 on
     * @param text without its end; null if it is too long or not UTF-8
     * @param problem why there is no text
     */
    record Line(long number, String text, String problem) {}

    /** The next line, or null if there is none. */
    Line next() throws IOException {
        bytes.reset();
        int b = in.read();
        if (b < 0) return null;
        boolean tooLong = false;
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (bytes.size() < LONGEST) bytes.write(b);
            else tooLong = true;
        }
        number++;
        if (tooLong) return new Line(number, null, "longer than " + LONGEST + " bytes");
        try {
            String text = utf8.decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
            return new Line(number, number == 1 && text.startsWith(MARK) ? text.substring(1) : text, null);
        } catch (CharacterCodingException e) {
            return new Line(number, null, "not valid UTF-8");
        }
    }
}
