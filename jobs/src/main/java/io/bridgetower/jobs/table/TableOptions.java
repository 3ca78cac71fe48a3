package io.bridgetower.jobs.table;

import java.nio.charset.Charset;

/**
 * How a table of pairs is read. Immutable; the {@code with} methods give changed copies.
 *
 * @param idColumn column, or field of JSON, with the ids; null for the one named id. Where there is none, the id of a row
 *     is its number, from 1
 * @param imageColumn column or field with the images; null for the one with a usual name, such as image, image_path or
 *     filename
 * @param textColumn column or field with the texts; null for the one with a usual name, such as text or caption
 * @param encoding of the file; null for what a byte order mark says, or else UTF-8
 */
public record TableOptions(String idColumn, String imageColumn, String textColumn, Charset encoding) {
    /** Columns with usual names, in UTF-8 or as a byte order mark says. */
    public static final TableOptions DEFAULT = new TableOptions(null, null, null, null);

    /** A copy with another {@link #idColumn}. */
    public TableOptions withIdColumn(String name) {
        return new TableOptions(name, imageColumn, textColumn, encoding);
    }

    /** A copy with another {@link #imageColumn}. */
    public TableOptions withImageColumn(String name) {
        return new TableOptions(idColumn, name, textColumn, encoding);
    }

    /** A copy with another {@link #textColumn}. */
    public TableOptions withTextColumn(String name) {
        return new TableOptions(idColumn, imageColumn, name, encoding);
    }

    /** A copy with another {@link #encoding}. */
    public TableOptions withEncoding(Charset charset) {
        return new TableOptions(idColumn, imageColumn, textColumn, charset);
    }
}
