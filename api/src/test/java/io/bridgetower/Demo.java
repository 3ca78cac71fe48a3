package io.bridgetower;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The demo model and its images. */
final class Demo {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    static final Path MODEL = ROOT.resolve("models/demo");

    private Demo() {}

    static Path path(int number) {
        return ROOT.resolve("examples").resolve(String.format(Locale.ROOT, "%02d.png", number));
    }

    static Image image(int number) throws IOException {
        return Image.read(path(number));
    }
}
