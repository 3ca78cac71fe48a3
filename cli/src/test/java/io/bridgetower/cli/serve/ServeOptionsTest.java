package io.bridgetower.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The table of options in docs/serving.md has those of the command. */
class ServeOptionsTest {
    private static final Pattern CELL = Pattern.compile("(?m)^\\| (`--[^|]*)\\|");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    @Test
    void thePageHasAllOptionsAndNoOthers() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("bridgetower.root"), "docs", "serving.md"));
        Set<String> explained = CELL.matcher(page)
                .results()
                .flatMap(cell -> OPTION.matcher(cell.group(1)).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> options = new CommandLine(new ServeCommand(null))
                .getCommandSpec().options().stream()
                        .map(CommandLine.Model.OptionSpec::longestName)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(options, explained);
    }
}
