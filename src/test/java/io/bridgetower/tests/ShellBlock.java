package io.bridgetower.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands of a page, and what it says that they print.
 *
 * @param commands the lines of a block without a language
 * @param output the block after it where that holds no commands, or null
 */
record ShellBlock(List<String> commands, String output) {
    private static final Pattern FENCED = Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMMAND = Pattern.compile("(\\./bridgetower|printf|mvn|java|[A-Z_]+=\\S+) .*");

    /** All of a page, in their order. */
    static List<ShellBlock> of(Path page) throws IOException {
        List<ShellBlock> blocks = new ArrayList<>();
        boolean follows = false;
        Matcher fenced = FENCED.matcher(Files.readString(page));
        while (fenced.find()) {
            String text = fenced.group(2);
            boolean plain = fenced.group(1).isEmpty();
            List<String> lines = text.lines().toList();
            boolean commands = plain && lines.stream().allMatch(COMMAND.asMatchPredicate());
            if (commands) {
                blocks.add(new ShellBlock(lines, null));
            } else if (plain && follows) {
                blocks.add(new ShellBlock(blocks.removeLast().commands(), text));
            }
            follows = commands;
        }
        return blocks;
    }
}
