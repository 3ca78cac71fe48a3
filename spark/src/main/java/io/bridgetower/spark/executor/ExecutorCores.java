package io.bridgetower.spark.executor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cores that Spark has given to this process. Spark tells an executor only on its command line, and the settings that all
 * processes share need not say; several executors may be on one machine.
 */
final class ExecutorCores {
    private static final Pattern COMMAND = Pattern.compile("ExecutorBackend .*--cores (\\d{1,6})\\b");

    /** Of an executor's process its cores, of another its processors. */
    static final int OF_PROCESS =
            of(System.getProperty("sun.java.command", ""), Runtime.getRuntime().availableProcessors());

    private ExecutorCores() {}

    /** @param command the main class of a process, with its arguments */
    static int of(String command, int processors) {
        Matcher matcher = COMMAND.matcher(command);
        return matcher.find() ? Math.max(1, Integer.parseInt(matcher.group(1))) : processors;
    }
}
