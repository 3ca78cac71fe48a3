package io.bridgetower.engine.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What the processor has, by the names of Linux ({@code fma}, {@code avx512f}): only what the system lets programs use. */
final class ProcessorFlags {
    private static final String FIELD = "flags";

    private ProcessorFlags() {}

    /** Those of this machine; none where there is no such file. */
    static Set<String> ofThisMachine() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            // The first processor stands for all; the lines of hundreds of others are not read.
            return lines.filter(line -> line.startsWith(FIELD))
                    .findFirst()
                    .map(ProcessorFlags::parse)
                    .orElse(Set.of());
        } catch (IOException | UncheckedIOException e) {
            return Set.of();
        }
    }

    private static Set<String> parse(String line) {
        return Set.copyOf(List.of(line.substring(line.indexOf(':') + 1).strip().split(" +")));
    }
}
