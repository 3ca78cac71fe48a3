package io.bridgetower.search;

import java.nio.file.Path;

/** The demo model and its images. */
final class Demo {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    static final Path MODEL = ROOT.resolve("models/demo");
    static final Path EXAMPLES = ROOT.resolve("examples");

    private Demo() {}

    static Path example(int number) {
        return EXAMPLES.resolve("%02d.png".formatted(number));
    }
}
