package io.bridgetower.cli.terminal;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * What a command reads and writes.
 *
 * @param in input for the commands that take any
 * @param out results
 * @param err complaints and notes
 * @param terminal how text for people is encoded; text for machines is in UTF-8
 */
public record Streams(InputStream in, StandardOutput out, PrintStream err, Charset terminal) {
    private static final String NAME = "bridgetower: ";

    public static Streams of(InputStream in, OutputStream out, OutputStream err, Charset terminal) {
        PrintStream complaints = new PrintStream(err, true, terminal);
        return new Streams(new BufferedInputStream(in), new StandardOutput(out), complaints, terminal);
    }

    /** Those of the process. Unlike {@link System#out}, its output reports that it cannot be written. */
    public static Streams ofProcess() {
        Charset terminal = Charset.forName(System.getProperty("stdout.encoding"), StandardCharsets.UTF_8);
        return new Streams(
                new BufferedInputStream(System.in),
                new StandardOutput(new FileOutputStream(FileDescriptor.out)),
                System.err,
                terminal);
    }

    /** Writes results for people. */
    public Writer writer() {
        return new OutputStreamWriter(out, terminal);
    }

    /** Writes one line to {@link #err}. */
    public void complain(String message) {
        err.print(NAME + Printable.of(message) + "\n");
        err.flush();
    }
}
