package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No source depends on the default locale or the default charset. */
class DefaultsTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));

    /** What takes a locale or a charset from the defaults, whatever its arguments. */
    private static final Pattern ALWAYS =
            Pattern.compile("\\.formatted\\(|\\bto(Upper|Lower)Case\\(\\)|\\.getBytes\\(\\)|\\bnew"
                    + " (FileReader|FileWriter|Scanner|Formatter|DecimalFormat|SimpleDateFormat|MessageFormat)\\("
                    + "|\\b(NumberFormat|DateFormat|Calendar|Collator|BreakIterator)\\.get"
                    + "|\\bDateTimeFormatter\\.of|\\bLocale\\.getDefault\\(|\\bCharset\\.defaultCharset\\("
                    + "|\\bString::(to(Upper|Lower)Case|getBytes|new|format|formatted)\\b");

    /** What does so unless its first argument is a locale. */
    private static final Pattern FORMAT =
            Pattern.compile("\\bString\\.format\\(|\\.printf\\(|\\b(out|err)\\.format\\(");

    /** What does so unless a charset is among its arguments. */
    private static final Pattern TEXT =
            Pattern.compile("\\bnew (InputStreamReader|OutputStreamWriter|PrintStream|String)\\(");

    /** Variables that are charsets, or decoders of one. */
    private static final Set<String> NAMED = Set.of("terminal", "decoder");

    @Test
    void noSourceDoes() throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (Path file : sources()) {
            files++;
            for (String call : calls(Files.readString(file))) found.add(ROOT.relativize(file) + ": " + call);
        }
        assertEquals(List.of(), found);
        assertTrue(files > 250, files + " files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"%d\".formatted(1)",
                "String.format(\"%d\", 1)",
                "out.printf(\n        \"%d\", 1)",
                "name.toUpperCase().length()",
                "name.toLowerCase()",
                "text.getBytes()",
                "names.map(String::toLowerCase)",
                "new String(in.readAllBytes())",
                "new String(bytes, 0, f(1, 2))",
                "new InputStreamReader(in)",
                "new PrintStream(out, true)",
                "new Scanner(in, UTF_8)",
                "new FileReader(file)",
                "NumberFormat.getInstance()",
                "Locale.getDefault()"
            })
    void callsAreFound(String call) {
        assertEquals(1, calls("{ x = " + call + "; }").size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "String.format(Locale.ROOT, \"%d\", 1)",
                "out.printf(\n        Locale.ROOT, \"%d\", 1)",
                "name.toUpperCase(Locale.ROOT)",
                "text.getBytes(StandardCharsets.UTF_8)",
                "new String(bytes, f(1, 2), 3, StandardCharsets.UTF_8)",
                "new OutputStreamWriter(out, terminal)",
                "new InputStreamReader(in, charset.newDecoder().replaceWith(\"(\"))",
                "new PrintStream(err, true, terminal)"
            })
    void callsThatNameThemAreNot(String call) {
        assertEquals(List.of(), calls("{ x = " + call + "; }"));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<Path> sources = new ArrayList<>();
            for (Path module : modules.toList()) {
                Path main = module.resolve("src/main/java");
                if (!Files.isDirectory(main)) continue;
                try (Stream<Path> files = Files.walk(main)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
            return sources;
        }
    }

    private static List<String> calls(String source) {
        List<String> calls = new ArrayList<>();
        ALWAYS.matcher(source).results().forEach(call -> calls.add(call.group()));
        for (Matcher call = FORMAT.matcher(source); call.find(); ) {
            List<String> arguments = arguments(source, call.end());
            if (!arguments.getFirst().equals("Locale.ROOT")) calls.add(call.group() + String.join(",", arguments));
        }
        for (Matcher call = TEXT.matcher(source); call.find(); ) {
            List<String> arguments = arguments(source, call.end());
            if (!namesCharset(arguments)) calls.add(call.group() + String.join(",", arguments));
        }
        return calls;
    }

    private static boolean namesCharset(List<String> arguments) {
        String last = arguments.getLast();
        return arguments.size() > 1 && (last.contains("Charset") || last.contains("charset") || NAMED.contains(last));
    }

    /** The arguments of a call, of which the opening parenthesis is before {@code from}. */
    private static List<String> arguments(String source, int from) {
        List<String> arguments = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = from; ; i++) {
            char c = source.charAt(i);
            if (c == '"' && source.charAt(i - 1) != '\\') quoted = !quoted;
            if (!quoted && depth == 0 && (c == ',' || c == ')')) {
                arguments.add(argument.toString().strip());
                argument.setLength(0);
                if (c == ')') return arguments;
                continue;
            }
            if (!quoted && c == '(') depth++;
            if (!quoted && c == ')') depth--;
            argument.append(c);
        }
    }
}
