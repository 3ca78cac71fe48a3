package io.bridgetower.jobs.table;

import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.jobs.rows.RowId;
import java.io.IOException;
import java.io.Reader;

/** The lines of a table, none of which can fill the memory. */
public final class Lines {
    /** Characters of a row at the most: an image of 6 MB in Base64. */
    static final int LONGEST = 1 << 23;

    static final String TOO_LONG = "longer than " + LONGEST + " characters";

    /** Characters of an id or a text at the most. Many of them are held at a time. */
    static final int LONGEST_TEXT = 1 << 20;

    private final TableText table;
    private final StringBuilder buffer = new StringBuilder();
    private long number;

    Lines(TableText table) {
        this.table = table;
    }

    /**
     * A line.
     *
     * @param number from 1 on
     * @param text without its end; null if it is too long or cannot be decoded
     * @param problem why there is no text
     */
    record Line(long number, String text, String problem) {}

    /** The next line, or null if there is none. */
    Line next() throws IOException {
        Reader in = table.reader();
        buffer.setLength(0);
        int c = in.read();
        if (c < 0) return null;
        boolean tooLong = false;
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (buffer.length() < LONGEST) buffer.append((char) c);
            else tooLong = true;
        }
        number++;
        if (tooLong) return new Line(number, null, TOO_LONG);
        String text = buffer.toString();
        String problem = table.problem(text);
        return problem == null ? new Line(number, text, null) : new Line(number, null, problem);
    }

    /** Why a row takes too much memory; null if it does not. */
    static String problem(PairRow<RowId> row) {
        if (row.id().text().length() > LONGEST_TEXT) return "id: longer than " + LONGEST_TEXT + " characters";
        boolean tooLong = row.text() != null && row.text().length() > LONGEST_TEXT;
        return tooLong ? "text: longer than " + LONGEST_TEXT + " characters" : null;
    }
}
