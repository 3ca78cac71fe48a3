package io.bridgetower.langchain4j;

import dev.langchain4j.data.message.ImageContent;
import io.bridgetower.BridgeTower;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The demo model and its images. */
final class Demo {
    static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    static final Path IMAGES = ROOT.resolve("examples");

    private Demo() {}

    static BridgeTower load() {
        try {
            return BridgeTower.load(ROOT.resolve("models/demo"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(String name) {
        return IMAGES.resolve(name);
    }

    static ImageContent content(String name) {
        try {
            return ImageContent.from(Base64.getEncoder().encodeToString(Files.readAllBytes(file(name))), "image/png");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
