package io.bridgetower.cli;

import io.bridgetower.processor.Truncation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command cuts off texts. */
final class TruncationOptions {
    /** A token of the text between those that frame it. */
    private static final int SHORTEST = 3;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--truncate", description = "Cut off texts that are longer than the model can read.")
    private boolean truncate;

    private int maxLength;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "Cut off texts that have more than N tokens, the two that frame a text included.")
    private void setMaxLength(int tokens) {
        if (tokens < SHORTEST) {
            throw new ParameterException(
                    command.commandLine(), "--max-length: expected " + SHORTEST + " or more tokens, found " + tokens);
        }
        maxLength = tokens;
    }

    Truncation truncation() {
        if (maxLength > 0) return Truncation.longestFirst(maxLength);
        return truncate ? Truncation.longestFirst() : Truncation.NONE;
    }
}
