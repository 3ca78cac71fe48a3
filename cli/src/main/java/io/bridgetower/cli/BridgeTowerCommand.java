package io.bridgetower.cli;

import io.bridgetower.cli.answer.AskCommand;
import io.bridgetower.cli.answer.CompareCommand;
import io.bridgetower.cli.answer.EntailCommand;
import io.bridgetower.cli.batch.BatchCommand;
import io.bridgetower.cli.bench.BenchCommand;
import io.bridgetower.cli.evaluate.EvaluateCommand;
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
import io.bridgetower.cli.serve.ServeCommand;
import io.bridgetower.cli.terminal.Streams;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command that the others are parts of. Its options are options of all of them. */
@Command(
        name = "bridgetower",
        description = "Matches, completes and embeds texts and images, with BridgeTower models on a CPU.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower score --image cat.jpg --text \"a cat\" \"a dog\"",
            "  bridgetower score --help",
            "",
            "BRIDGETOWER_MODEL and BRIDGETOWER_THREADS are the defaults of --model and",
            "--threads. BRIDGETOWER_JAVA_OPTS holds options for the Java virtual machine,",
            "such as -Xmx8g."
        })
final class BridgeTowerCommand implements Callable<Void> {
    /** A command adds those of its own, or says more about these. */
    private static final Map<String, String> EXIT_CODES =
            Map.of("0", "Success.", "1", "Failure; standard error says why.", "2", "Wrong usage.");

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            scope = ScopeType.INHERIT,
            versionHelp = true,
            description = "Print the versions of the program and of Java, the vector width and the types that weights"
                    + " can have, and exit.")
    private boolean version;

    private BridgeTowerCommand(Streams streams) {
        this.streams = streams;
    }

    /** The whole command line on some streams. */
    static CommandLine commandLine(Streams streams) {
        CommandLine root = new CommandLine(new BridgeTowerCommand(streams))
                .addSubcommand(new ScoreCommand(streams))
                .addSubcommand(new FillCommand(streams))
                .addSubcommand(new AskCommand(streams))
                .addSubcommand(new EntailCommand(streams))
                .addSubcommand(new CompareCommand(streams))
                .addSubcommand(new EmbedCommand(streams))
                .addSubcommand(new BatchCommand(streams))
                .addSubcommand(new IndexCommand(streams))
                .addSubcommand(new SearchCommand(streams))
                .addSubcommand(new ServeCommand(streams))
                .addSubcommand(new ExplainCommand(streams))
                .addSubcommand(new ForwardCommand(streams))
                .addSubcommand(new InfoCommand(streams))
                .addSubcommand(EvaluateCommand.commandLine(streams))
                .addSubcommand(new BenchCommand(streams))
                .addSubcommand(new InitCommand())
                .addSubcommand(new TokenizeCommand(streams))
                .addSubcommand(new PreprocessCommand(streams))
                .addSubcommand(new PullCommand(streams))
                .addSubcommand(new ConvertCommand(streams))
                .addSubcommand(new CompletionCommand(streams))
                .setOut(new PrintWriter(streams.writer()))
                .setErr(new PrintWriter(streams.writer()))
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(BridgeTowerCommand::execute)
                .setParameterExceptionHandler((e, _) -> misuse(streams, e))
                .setExecutionExceptionHandler((e, _, _) -> Main.failure(streams, e));
        describe(root);
        describeAll(root.getSubcommands().values());
        return root;
    }

    private static void describeAll(Collection<CommandLine> commands) {
        for (CommandLine command : commands) {
            describe(command);
            describeAll(command.getSubcommands().values());
        }
    }

    @Option(
            names = "--quiet",
            scope = ScopeType.INHERIT,
            description = "No progress and no notes on standard error; errors only.")
    private void setQuiet(boolean quiet) {
        streams.setQuiet(quiet);
    }

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show a stack trace when the command fails.")
    private void setVerbose(boolean verbose) {
        streams.setVerbose(verbose);
    }

    @Override
    public Void call() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    /** What the help of every command has. */
    private static void describe(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        Map<String, String> codes = new TreeMap<>(EXIT_CODES);
        codes.putAll(usage.exitCodeList());
        usage.sortOptions(false)
                .sortSynopsis(false)
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes);
        command.getCommandSpec().versionProvider(new Version());
    }

    /** Picocli shows help without a look at what it does not know. */
    private static int execute(ParseResult result) {
        List<String> unknown = new ArrayList<>();
        for (CommandLine command : result.asCommandLineList()) unknown.addAll(command.getUnmatchedArguments());
        if (unknown.isEmpty()) return new RunLast().execute(result);
        throw new UnmatchedArgumentException(result.asCommandLineList().getLast(), unknown);
    }

    private static int misuse(Streams streams, ParameterException e) {
        CommandLine command = e.getCommandLine();
        streams.complain(message(e) + "; see " + command.getCommandSpec().qualifiedName() + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static String message(ParameterException e) {
        boolean isOfRoot = e.getCommandLine().getParent() == null;
        if (isOfRoot && e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            if (!first.startsWith("-")) return "there is no command " + first;
        }
        String message = e.getMessage();
        // The name of a variable stays as it is.
        if (message.length() > 1 && Character.isUpperCase(message.charAt(1))) return message;
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
