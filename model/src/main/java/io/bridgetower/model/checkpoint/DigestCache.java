package io.bridgetower.model.checkpoint;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.files.Sha256;
import io.bridgetower.model.checkpoint.tensor.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the hashes of {@link TensorDigests} in a small file: {@code .model.safetensors.hashes} next to
 * {@code model.safetensors}, or where that directory cannot be written, one in the cache directory of the user. An entry holds for files whose {@linkplain FileStamp stamps} are the same;
 * any other, or a damaged one, is as if it were not there. That nothing can be written is not an error.
 */
final class DigestCache {
    /** Smaller files are hashed again in less time than the entry is worth: a tenth of a second for this many bytes. */
    private static final long MIN_BYTES = 64L << 20;

    private static final String VERSION = "bridgetower-hashes 1";
    private static final int MAX_BYTES = 64 << 20;

    /** A file that has just been changed may be changed again within the resolution of its times. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Path beside;
    private final Path userCache;
    private final long minBytes;

    /**
     * @param weights the file of weights, or the index of several
     * @param userCache where else; null for nowhere
     * @param minBytes of the weights, below which nothing is kept
     */
    DigestCache(Path weights, Path userCache, long minBytes) {
        this.beside = weights.resolveSibling("." + weights.getFileName() + ".hashes");
        this.userCache = userCache;
        this.minBytes = minBytes;
    }

    /** The cache for a file of weights, or an index of several. */
    public static DigestCache of(Path weights) {
        return new DigestCache(weights, userCache(System.getenv(), System.getProperty("os.name", "")), MIN_BYTES);
    }

    /** The cache directory of the user for this library; null if there is none. */
    static Path userCache(Map<String, String> environment, String system) {
        String os = system.toLowerCase(Locale.ROOT);
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", ""));
        try {
            Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
            if (xdg.isAbsolute()) return xdg.resolve("bridgetower");
            Path local = Path.of(environment.getOrDefault("LOCALAPPDATA", ""));
            if (os.startsWith("windows") && local.isAbsolute()) return local.resolve("bridgetower", "cache");
            if (!Path.of(home).isAbsolute()) return null;
            return os.startsWith("mac")
                    ? Path.of(home, "Library", "Caches", "bridgetower")
                    : Path.of(home, ".cache", "bridgetower");
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** The hashes of tensors of exactly these names, or null if they are not kept. */
    SortedMap<String, String> read(List<FileStamp> stamps, Set<String> names) {
        if (isSmall(stamps)) return null;
        for (Path place : places(stamps)) {
            SortedMap<String, String> digests = read(place, header(stamps));
            if (digests != null && digests.keySet().equals(names)) return digests;
        }
        return null;
    }

    public void write(List<FileStamp> stamps, SortedMap<String, String> digests) {
        Instant settled = Instant.now().minus(SETTLED);
        if (isSmall(stamps)
                || stamps.stream().anyMatch(stamp -> stamp.modified().isAfter(settled))) return;
        StringBuilder text = new StringBuilder(header(stamps));
        digests.forEach(
                (name, digest) -> text.append(digest).append(' ').append(name).append('\n'));
        text.insert(0, Sha256.hex(text.toString()) + "\n");
        for (Path place : places(stamps)) {
            try {
                if (place != beside) Files.createDirectories(place.getParent());
                AtomicFile.write(place, text.toString());
                return;
            } catch (IOException e) {
                // The next place may do; without any the hashes are computed again next time.
            }
        }
    }

    private boolean isSmall(List<FileStamp> stamps) {
        return stamps.stream().mapToLong(FileStamp::size).sum() < minBytes;
    }

    private List<Path> places(List<FileStamp> stamps) {
        List<Path> places = new ArrayList<>(List.of(beside));
        String name = Sha256.hex(stamps.getFirst().path()) + ".hashes";
        if (userCache != null) places.add(userCache.resolve(name));
        return places;
    }

    /** What an entry for these files begins with, after the hash of all that follows. */
    private static String header(List<FileStamp> stamps) {
        StringBuilder header = new StringBuilder(VERSION).append('\n');
        for (FileStamp stamp : stamps) {
            header.append(JsonWriter.compact(List.of(
                            stamp.path(), stamp.size(), stamp.modified().toString(), stamp.key(), stamp.changed())))
                    .append('\n');
        }
        return header.toString();
    }

    private static SortedMap<String, String> read(Path place, String header) {
        String text;
        try {
            if (!Files.isRegularFile(place)) return null;
            try (InputStream in = Files.newInputStream(place)) {
                text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            return null;
        }
        int begin = Sha256.DIGITS + 1;
        if (!text.startsWith(header, begin) || !text.startsWith(Sha256.hex(text.substring(begin)) + "\n")) return null;
        SortedMap<String, String> digests = new TreeMap<>();
        for (String line : text.substring(begin + header.length()).split("\n")) {
            if (line.length() > begin) digests.put(line.substring(begin), line.substring(0, Sha256.DIGITS));
        }
        return digests;
    }
}
