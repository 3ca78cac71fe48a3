package io.bridgetower.cli;

import io.bridgetower.cli.batch.BatchCommand;
import io.bridgetower.cli.bench.BenchCommand;
import io.bridgetower.cli.forward.ForwardCommand;
import io.bridgetower.cli.model.ConvertCommand;
import io.bridgetower.cli.model.InfoCommand;
import io.bridgetower.cli.model.InitCommand;
import io.bridgetower.cli.model.PullCommand;
import io.bridgetower.cli.pair.EmbedCommand;
import io.bridgetower.cli.pair.ExplainCommand;
import io.bridgetower.cli.pair.FillCommand;
import io.bridgetower.cli.pair.ScoreCommand;
import io.bridgetower.cli.preprocess.PreprocessCommand;
import io.bridgetower.cli.preprocess.TokenizeCommand;
import io.bridgetower.cli.search.IndexCommand;
import io.bridgetower.cli.search.SearchCommand;
import io.bridgetower.cli.terminal.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that the others are parts of. */
@Command(
        name = "bridgetower",
        versionProvider = BridgeTowerCommand.Version.class,
        description = "Matches, completes and embeds texts and images, with BridgeTower models on a CPU.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower score --image cat.jpg --text \"a cat\" \"a dog\"",
            "  bridgetower score --help",
            "",
            "BRIDGETOWER_JAVA_OPTS holds options for the Java virtual machine, such as -Xmx8g."
        })
final class BridgeTowerCommand implements Callable<Void> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    private boolean version;

    /** The whole command line on some streams. */
    static CommandLine commandLine(Streams streams) {
        return new CommandLine(new BridgeTowerCommand())
                .addSubcommand(new ScoreCommand(streams))
                .addSubcommand(new FillCommand(streams))
                .addSubcommand(new EmbedCommand(streams))
                .addSubcommand(new BatchCommand(streams))
                .addSubcommand(new IndexCommand(streams))
                .addSubcommand(new SearchCommand(streams))
                .addSubcommand(new ExplainCommand(streams))
                .addSubcommand(new ForwardCommand())
                .addSubcommand(new InfoCommand(streams))
                .addSubcommand(new BenchCommand(streams))
                .addSubcommand(new InitCommand())
                .addSubcommand(new TokenizeCommand(streams))
                .addSubcommand(new PreprocessCommand(streams))
                .addSubcommand(new PullCommand(streams))
                .addSubcommand(new ConvertCommand())
                .setOut(new PrintWriter(streams.writer()))
                .setErr(new PrintWriter(streams.writer()))
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, _) -> misuse(streams, e))
                .setExecutionExceptionHandler((e, _, _) -> Main.failure(streams, e));
    }

    @Override
    public Void call() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    private static int misuse(Streams streams, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String message = e.getMessage();
        streams.complain(message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1) + "; see " + command
                + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    /** The version of the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
                return new String[] {"bridgetower " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
            }
        }
    }
}
