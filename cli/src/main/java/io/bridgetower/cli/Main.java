package io.bridgetower.cli;

import io.bridgetower.cli.terminal.Complaint;
import io.bridgetower.cli.terminal.StandardOutput;
import io.bridgetower.cli.terminal.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The {@code bridgetower} command. */
public final class Main {
    private Main() {}

    /** Runs a command on the standard streams and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(Streams.ofProcess(), args));
    }

    /**
     * Runs a command.
     *
     * @param in what the command reads
     * @param out takes results, in UTF-8; flushed, not closed
     * @param err takes complaints and notes, in UTF-8; flushed, not closed
     * @return 0 if all went well, 1 if the command failed, 2 if it was called wrongly
     */
    public static int run(InputStream in, OutputStream out, OutputStream err, String... args) {
        return run(Streams.of(in, out, err, StandardCharsets.UTF_8), args);
    }

    private static int run(Streams streams, String... args) {
        int code;
        try {
            code = BridgeTowerCommand.commandLine(streams).execute(args);
        } catch (Throwable e) {
            code = failure(streams, e);
        }
        boolean alreadySaid = code == CommandLine.ExitCode.SOFTWARE;
        if (streams.out().finish() || alreadySaid) return code;
        return failure(streams, streams.out().failure());
    }

    /** Says what went wrong, except that the reader of the results has gone. */
    static int failure(Streams streams, Throwable e) {
        IOException output = streams.out().failure();
        if (output == null) {
            streams.complain(Complaint.of(e));
        } else if (!StandardOutput.isBrokenPipe(output)) {
            streams.complain("standard output: " + output.getMessage());
        }
        if (streams.isVerbose()) e.printStackTrace(streams.err());
        return CommandLine.ExitCode.SOFTWARE;
    }
}
