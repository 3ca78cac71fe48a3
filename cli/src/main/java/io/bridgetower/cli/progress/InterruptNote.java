package io.bridgetower.cli.progress;

import io.bridgetower.cli.terminal.Streams;

/** Says how to go on, should the process be interrupted before this is closed. */
public final class InterruptNote implements AutoCloseable {
    private final Thread hook;

    /** @param advice what the command that was interrupted is to be run with, or that it is to be run again */
    public InterruptNote(Streams streams, BatchBar bar, String advice) {
        hook = new Thread(
                () -> {
                    bar.clear();
                    streams.note("interrupted; " + advice);
                },
                "bridgetower-interrupt-note");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and says so itself.
        }
    }
}
