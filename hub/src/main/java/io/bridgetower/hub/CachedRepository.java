package io.bridgetower.hub;

import io.bridgetower.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One model in the cache, laid out as Hugging Face's libraries lay it out: {@code refs/REVISION} holds a commit,
 * {@code snapshots/COMMIT/FILE} is a link to {@code blobs/ETAG}, and an empty {@code .no_exist/COMMIT/FILE} remembers that
 * a commit has no such file. Everything appears whole or not at all.
 */
final class CachedRepository {
    private static final String SNAPSHOTS = "snapshots";
    private static final int MAX_REF_BYTES = 100;

    private final Path cache;
    private final String folder;

    CachedRepository(Path cache, RepositoryName name) {
        this.cache = cache;
        this.folder = name.folder();
    }

    /** Where the model lies, if it does. */
    Path path() {
        return cache.resolve(folder);
    }

    /** The commit that a revision was last known to mean, or null. */
    String commit(String revision) throws IOException {
        if (RepositoryName.isCommit(revision)) return revision;
        Path ref = path().resolve("refs").resolve(revision);
        if (!Files.isRegularFile(ref) || Files.size(ref) > MAX_REF_BYTES) return null;
        String commit = Files.readString(ref, StandardCharsets.ISO_8859_1).strip();
        return RepositoryName.isCommit(commit) ? commit : null;
    }

    void remember(String revision, String commit) throws IOException {
        if (RepositoryName.isCommit(revision) || commit.equals(commit(revision))) return;
        Path ref = path().resolve("refs").resolve(revision);
        Files.createDirectories(ref.getParent());
        AtomicFile.write(ref, commit);
    }

    /** The directory of a commit's files. */
    Path snapshot(String commit) {
        return path().resolve(SNAPSHOTS).resolve(commit);
    }

    /** The name of the repository that a snapshot is of; null if a directory cannot be one. */
    static String nameOf(Path directory) {
        int names = directory.getNameCount();
        if (names < 3 || !directory.getName(names - 2).toString().equals(SNAPSHOTS)) return null;
        return RepositoryName.ofFolder(directory.getName(names - 3).toString());
    }

    boolean has(String commit, String file) {
        return Files.isRegularFile(snapshot(commit).resolve(file));
    }

    boolean isKnownAbsent(String commit, String file) {
        return Files.exists(absence(commit, file));
    }

    void rememberAbsent(String commit, String file) throws IOException {
        Path absence = absence(commit, file);
        Files.createDirectories(absence.getParent());
        try {
            Files.createFile(absence);
        } catch (FileAlreadyExistsException e) {
            // Another process has found out as well.
        }
    }

    Path blob(String etag) {
        return path().resolve("blobs").resolve(etag);
    }

    /** Where the lock of a blob lies; the name is not one that Python takes, whose locks are of another kind. */
    Path lock(String etag) {
        return cache.resolve(".locks").resolve(folder).resolve(etag + ".jvm.lock");
    }

    /** Makes a blob a file of a commit: by a relative link, or where there are none by a hard link or a copy. */
    void link(String commit, String file, String etag) throws IOException {
        Path link = snapshot(commit).resolve(file);
        Files.createDirectories(link.getParent());
        String suffix = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
        Path temporary = link.resolveSibling("." + file + "." + suffix + ".tmp");
        Path blob = blob(etag);
        try {
            try {
                Files.createSymbolicLink(temporary, link.getParent().relativize(blob));
            } catch (IOException | UnsupportedOperationException e) {
                linkHard(temporary, blob);
            }
            AtomicFile.replace(temporary, link);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void linkHard(Path link, Path blob) throws IOException {
        try {
            Files.createLink(link, blob);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(blob, link);
        }
    }

    private Path absence(String commit, String file) {
        return path().resolve(".no_exist").resolve(commit).resolve(file);
    }
}
