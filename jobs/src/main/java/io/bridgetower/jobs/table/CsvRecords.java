package io.bridgetower.jobs.table;

import java.io.IOException;
import java.io.Reader;

/** Splits separated values (RFC 4180) into records, none of which can fill the memory. Blank lines are passed over. */
final class CsvRecords {
    private static final int END = -1;

    private final Reader in;
    private final char separator;
    private long line = 1;
    private boolean afterReturn;

    /** @param in buffered */
    CsvRecords(Reader in, char separator) {
        this.in = in;
        this.separator = separator;
    }

    /**
     * A record.
     *
     * @param line where it begins, from 1 on
     * @param text without the line end; cut off if it is too long
     * @param problem why it cannot be used; null if nothing is wrong
     * @param open whether the file ends within quotes that began on an earlier line
     */
    record Record(long line, String text, String problem, boolean open) {}

    /** The next record, or null if there is none. */
    Record next() throws IOException {
        Record record;
        do {
            record = read();
        } while (record != null && record.text().isBlank() && record.text().indexOf(separator) < 0);
        return record;
    }

    private Record read() throws IOException {
        StringBuilder text = new StringBuilder();
        long first = line;
        boolean quoted = false, closed = false, fieldBegins = true, tooLong = false;
        int c = in.read();
        if (c == '\n' && afterReturn) c = in.read();
        afterReturn = false;
        if (c == END) return null;
        for (; c != END; c = in.read()) {
            if (c == '\n' || c == '\r') {
                if (c == '\r' || !afterReturn) line++;
                afterReturn = c == '\r';
                if (!quoted) break;
            } else {
                afterReturn = false;
                boolean quote = c == '"';
                // A quote after a closing one is an escaped quote: the field goes on.
                boolean opens = quote && !quoted && (fieldBegins || closed);
                closed = quote && quoted;
                quoted = opens || quoted && !quote;
                fieldBegins = !quoted && c == separator;
            }
            if (text.length() < Lines.LONGEST) text.append((char) c);
            else tooLong = true;
        }
        String problem = tooLong ? Lines.TOO_LONG : quoted ? "a quoted field is not closed" : null;
        return new Record(first, text.toString(), problem, quoted && line > first);
    }
}
