package io.bridgetower.jobs.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The characters of a table. What its encoding cannot decode becomes {@link #UNDECODABLE}, so that it spoils no more than
 * its row.
 *
 * @param reader without the byte order mark
 * @param encoding as found or given
 */
record TableText(BufferedReader reader, Charset encoding) {
    /** A surrogate without its partner, which no decoder gives. */
    private static final String UNDECODABLE = "\uDC00";

    private static final int BYTE_ORDER_MARK = 0xFEFF;

    /**
     * Begins to read.
     *
     * @param in buffered; stays the caller's to close
     * @param encoding null for what a byte order mark says, or else UTF-8
     */
    static TableText open(InputStream in, Charset encoding) throws IOException {
        Charset charset = encoding != null ? encoding : found(in);
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith(UNDECODABLE);
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, decoder));
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) reader.reset();
        return new TableText(reader, charset);
    }

    /** Why some text of the table cannot be used; null if it can. */
    String problem(String text) {
        for (int at = text.indexOf(UNDECODABLE); at >= 0; at = text.indexOf(UNDECODABLE, at + 1)) {
            if (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1))) return "not valid " + encoding.name();
        }
        return null;
    }

    private static Charset found(InputStream in) throws IOException {
        in.mark(2);
        int mark = in.read() << 8 | in.read();
        in.reset();
        return switch (mark) {
            case 0xFEFF -> StandardCharsets.UTF_16BE;
            case 0xFFFE -> StandardCharsets.UTF_16LE;
            default -> StandardCharsets.UTF_8;
        };
    }
}
