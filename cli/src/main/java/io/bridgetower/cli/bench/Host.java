package io.bridgetower.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine that the program runs on.
 *
 * @param processor its name, or its architecture where the system does not tell
 * @param processors how many the program may use
 * @param java version of the Java virtual machine
 */
record Host(String processor, int processors, String java) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Path STATUS = Path.of("/proc/self/status");

    static Host current() {
        String name = field(PROCESSORS, "model name");
        return new Host(
                name == null ? System.getProperty("os.arch") : name,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().toString());
    }

    /** Physical memory of this process; −1 where the system does not tell. */
    static long residentBytes() {
        String resident = field(STATUS, "VmRSS");
        return resident == null ? -1 : Long.parseLong(resident.replaceAll("\\D", "")) << 10;
    }

    private static String field(Path file, String name) {
        try {
            List<String> lines = Files.readAllLines(file);
            for (String line : lines) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                    return line.substring(colon + 1).strip();
                }
            }
        } catch (IOException e) {
            // Only Linux has these files.
        }
        return null;
    }
}
