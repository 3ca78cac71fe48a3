package io.bridgetower.spark.submit;

import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spark-submit … bridgetower-spark.jar COMMAND}. */
@Command(
        name = "bridgetower-spark.jar",
        mixinStandardHelpOptions = true,
        subcommands = {ScoreCommand.class, EmbedCommand.class},
        description = "Scores and embeds image-text pairs on Apache Spark.")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs a command in the session that {@code spark-submit} has set up; ends the process only if it fails. */
    public static void main(String[] args) {
        int code = execute(args);
        if (code != 0) System.exit(code);
    }

    /** Runs a command; its exit code. */
    static int execute(String... args) {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, _) -> {
                    command.getErr().println("bridgetower: " + message(e));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args);
    }

    /** The session of this process. */
    static SparkSession session(String command) {
        return SparkSession.builder()
                .appName("bridgetower " + command.toLowerCase(Locale.ROOT))
                .getOrCreate();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command: score or embed");
    }

    /** The message of what has caused a failure in the end, on one line; the rest is in Spark's log. */
    private static String message(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.lines().findFirst().orElse(cause.toString());
    }
}
