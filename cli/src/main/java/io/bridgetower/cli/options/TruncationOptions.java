package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.inputs.TextTooLongException;
import io.bridgetower.processor.text.Truncation;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command cuts off texts. */
public final class TruncationOptions {
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

    public Truncation truncation() {
        if (truncate && maxLength > 0) {
            throw new ParameterException(command.commandLine(), "expected --truncate or --max-length, not both");
        }
        if (maxLength > 0) return Truncation.longestFirst(maxLength);
        return truncate ? Truncation.longestFirst() : Truncation.NONE;
    }

    /**
     * The token ids of texts.
     *
     * @throws IllegalArgumentException if more tokens than the model reads are to be left
     */
    public int[][] ids(TextPreparation preparation, List<String> texts) throws Failure {
        try {
            return preparation.truncating(truncation()).ids(texts);
        } catch (TextTooLongException e) {
            throw new Failure(e.getMessage() + "; --truncate cuts it off there", e);
        }
    }
}
