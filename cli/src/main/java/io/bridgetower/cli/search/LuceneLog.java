package io.bridgetower.cli.search;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What Lucene says about itself, which is nothing to a person who searches. */
final class LuceneLog {
    /** Kept: a logger that is garbage-collected forgets its level. */
    private static final Logger LOGGER = Logger.getLogger("org.apache.lucene");

    private LuceneLog() {}

    static void silence() {
        LOGGER.setLevel(Level.SEVERE);
    }
}
