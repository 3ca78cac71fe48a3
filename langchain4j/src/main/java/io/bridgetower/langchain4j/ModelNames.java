package io.bridgetower.langchain4j;

import java.nio.file.Path;

/** Names of models by where they lie. */
final class ModelNames {
    private static final String REPOSITORY = "models--", SNAPSHOTS = "snapshots";

    private ModelNames() {}

    /** The name on the Hub for a directory in its cache, {@code models--ORG--NAME/snapshots/COMMIT}; else the directory's. */
    static String of(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        int names = path.getNameCount();
        if (names == 0) return path.toString();
        if (names > 2 && path.getName(names - 2).toString().equals(SNAPSHOTS)) {
            String repository = path.getName(names - 3).toString();
            if (repository.startsWith(REPOSITORY)) {
                return repository.substring(REPOSITORY.length()).replace("--", "/");
            }
        }
        return path.getFileName().toString();
    }
}
