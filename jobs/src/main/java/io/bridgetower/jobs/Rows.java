package io.bridgetower.jobs;

import java.util.Iterator;

/**
 * The rows of a file, one after the other. A row that cannot be read is a broken one; {@link java.io.UncheckedIOException}
 * says that the file cannot.
 */
interface Rows extends Iterator<PairRow<RowId>>, AutoCloseable {
    /** The input stays the caller's to close. */
    @Override
    default void close() {}
}
