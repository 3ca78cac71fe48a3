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

/** What a command reads and writes, and how much it says. */
public final class Streams {
    private static final String NAME = "bridgetower: ";

    private final InputStream in;
    private final StandardOutput out;
    private final PrintStream err;
    private final Charset terminal;
    private boolean quiet;
    private boolean verbose;

    /** @param terminal how text for people is encoded; text for machines is in UTF-8 */
    private Streams(InputStream in, StandardOutput out, PrintStream err, Charset terminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

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

    /** Input for the commands that take any. */
    public InputStream in() {
        return in;
    }

    /** Results. */
    public StandardOutput out() {
        return out;
    }

    /** Errors. */
    public PrintStream err() {
        return err;
    }

    /** Progress, which a quiet command does not show. */
    public PrintStream progress() {
        return quiet ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) : err;
    }

    /** Writes results for people. */
    public Writer writer() {
        return new OutputStreamWriter(out, terminal);
    }

    /** Writes an error, in one line. */
    public void complain(String message) {
        err.print(NAME + Printable.of(message) + "\n");
        err.flush();
    }

    /** Writes what is worth knowing, but no error, in one line; nothing where the command is quiet. */
    public void note(String message) {
        if (!quiet) complain(message);
    }

    /** From now on, no progress and no notes. */
    public void setQuiet(boolean quiet) {
        this.quiet = quiet;
    }

    /** Whether a failure is to be told with its stack trace. */
    public boolean isVerbose() {
        return verbose;
    }

    public void setVerbose(boolean verbose) {
        this.verbose = verbose;
    }
}
