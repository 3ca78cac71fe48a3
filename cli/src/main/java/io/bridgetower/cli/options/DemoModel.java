package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Failure;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.stream.Stream;

/** The model that the distribution and the source tree hold in {@code models/demo}. */
public final class DemoModel {
    /** The system property by which the launcher says where the distribution lies. */
    static final String HOME = "bridgetower.home";

    private static final Path PLACE = Path.of("models", "demo");

    private DemoModel() {}

    /**
     * What those should know who see its answers.
     *
     * @param done what it did: {@code scored}
     */
    public static String note(String done) {
        return done + " by the demo model, which knows coloured shapes, but not left from right or above from below;"
                + " --model names another";
    }

    /**
     * Its directory: below the home that the launcher names, or else in the nearest directory above this program or
     * above the current directory.
     */
    public static Path directory() throws Failure {
        String home = System.getProperty(HOME);
        Stream<Path> starts = home != null ? Stream.of(Path.of(home)) : Stream.concat(program().stream(), here());
        return starts.map(start -> start.resolve(PLACE))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new Failure(
                        "the demo model " + (home == null ? "" : Path.of(home).resolve(PLACE) + " ")
                                + "is not there; name a model directory with --model"));
    }

    private static Stream<Path> here() {
        return upwards(Path.of("").toAbsolutePath());
    }

    private static Stream<Path> upwards(Path start) {
        return Stream.iterate(start, directory -> directory != null, Path::getParent);
    }

    private static Optional<Path> program() {
        CodeSource source = DemoModel.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) return Optional.empty();
        try {
            Path lies = Path.of(source.getLocation().toURI());
            return upwards(lies)
                    .filter(d -> Files.isDirectory(d.resolve(PLACE)))
                    .findFirst();
        } catch (URISyntaxException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
