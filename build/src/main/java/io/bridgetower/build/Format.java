package io.bridgetower.build;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks or mends the format of every Java file of the project: {@code Format check|apply DIRECTORY}. */
public final class Format {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    private Format() {}

    public static void main(String[] args) throws IOException, FormatterException {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        List<Path> unformatted = new ArrayList<>();
        for (Path file : javaFiles(root)) {
            String source = Files.readString(file);
            String formatted = FORMATTER.formatSourceAndFixImports(source);
            if (formatted.equals(source)) continue;
            unformatted.add(root.relativize(file));
            if (apply) Files.writeString(file, formatted);
        }
        if (apply || unformatted.isEmpty()) return;
        System.err.println("not formatted; run mvn verify -pl build -Dformat=apply:");
        unformatted.forEach(file -> System.err.println("  " + file));
        System.exit(1);
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !root.relativize(file).toString().matches("(.*/)?target/.*"))
                    .sorted()
                    .toList();
        }
    }
}
