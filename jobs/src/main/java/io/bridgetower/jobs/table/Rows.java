package io.bridgetower.jobs.table;

import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.jobs.rows.RowId;
import java.util.Iterator;

/**
 * The rows of a file, one after the other. A row that cannot be read is a broken one; {@link java.io.UncheckedIOException}
 * says that the file cannot.
 */
public interface Rows extends Iterator<PairRow<RowId>>, AutoCloseable {
    /** The input stays the caller's to close. */
    @Override
    default void close() {}
}
