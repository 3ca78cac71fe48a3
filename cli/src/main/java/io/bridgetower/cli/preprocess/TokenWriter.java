package io.bridgetower.cli.preprocess;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.util.List;

/** Writes a line for each text. */
interface TokenWriter extends Closeable, Flushable {
    void write(int[] ids, List<String> tokens) throws IOException;
}
