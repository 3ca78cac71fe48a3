package io.bridgetower.cli.terminal;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** Rows of text in aligned columns, also of letters of double width; the width of the last column is not limited. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();

    public Table(String... titles) {
        add(titles);
    }

    /** Adds a row, of as many cells as there are titles. */
    public void add(String... cells) {
        String[] row = new String[cells.length];
        for (int i = 0; i < row.length; i++) row[i] = Printable.of(cells[i]);
        rows.add(row);
    }

    public void write(Writer out) throws IOException {
        int last = rows.getFirst().length - 1;
        int[] widths = new int[last];
        for (String[] row : rows) {
            for (int i = 0; i < last; i++) widths[i] = Math.max(widths[i], DisplayWidth.of(row[i]));
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < last; i++) {
                line.append(row[i])
                        .repeat(' ', widths[i] - DisplayWidth.of(row[i]))
                        .append(GAP);
            }
            out.append(line.append(row[last])).append('\n');
        }
    }
}
