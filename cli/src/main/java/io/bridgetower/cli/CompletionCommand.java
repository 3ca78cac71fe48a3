package io.bridgetower.cli;

import io.bridgetower.cli.terminal.Streams;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bridgetower completion}. */
@Command(
        name = "completion",
        description = "Print a script by which a shell completes commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(bridgetower completion bash)", "  bridgetower completion zsh > ~/.bridgetower-completion"
        })
final class CompletionCommand implements Callable<Void> {
    /** A shell that the script is for. */
    private enum Shell {
        BASH,
        /** Reads the same script, which begins with what zsh needs for it. */
        ZSH
    }

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    CompletionCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException {
        Writer out = streams.writer();
        out.write(AutoComplete.bash("bridgetower", spec.root().commandLine()));
        out.flush();
        return null;
    }
}
