package io.bridgetower.cli.evaluate;

import io.bridgetower.cli.terminal.Streams;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower evaluate}, which has a subcommand for each task. */
@Command(
        name = "evaluate",
        description = "Measure a model on a data set of one of the paper's tasks.",
        synopsisSubcommandLabel = "TASK",
        commandListHeading = "%nTasks:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower evaluate retrieval --dataset dataset_flickr30k.json \\",
            "      --images flickr30k-images --model DIR --output recall.json",
            "  bridgetower evaluate retrieval --help"
        })
public final class EvaluateCommand implements Callable<Void> {
    @Spec
    private CommandSpec spec;

    /** The command with those of its tasks. */
    public static CommandLine commandLine(Streams streams) {
        return new CommandLine(new EvaluateCommand())
                .addSubcommand(new RetrievalCommand(streams))
                .addSubcommand(new VqaCommand(streams))
                .addSubcommand(new Nlvr2Command(streams))
                .addSubcommand(new SnliVeCommand(streams));
    }

    @Override
    public Void call() {
        throw new ParameterException(spec.commandLine(), "expected a task");
    }
}
