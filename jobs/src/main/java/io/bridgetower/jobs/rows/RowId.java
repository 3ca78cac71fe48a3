package io.bridgetower.jobs.rows;

/**
 * The id of a row in a file, to be written as it was read.
 *
 * @param text the string, or the digits of a number; null where the row has none that can be read
 * @param number whether it is a number
 */
public record RowId(String text, boolean number) {
    public static final RowId NONE = new RowId(null, false);

    public static RowId of(String text) {
        return new RowId(text, false);
    }

    /** That of a row that has none of its own: its number. */
    public static RowId of(long row) {
        return new RowId(Long.toString(row), true);
    }
}
