package io.bridgetower.cli.images;

import io.bridgetower.RemoteImages;
import io.bridgetower.UrlPolicy;
import io.bridgetower.cli.options.HostName;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.cli.terminal.TextLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/**
 * What the values of {@code --image} mean: a file; {@code -}, an image on standard input; {@code @FILE}, a list with a path
 * or an address on every line; a pattern that the shell has left as it is; an address.
 */
public final class ImageArguments implements AutoCloseable {
    /** What images may be, for the help. */
    public static final String FORMATS = "JPEG, PNG, GIF, BMP, TIFF, WebP, PPM, PGM or PBM";

    /** How an image may be named, for the help. */
    public static final String ONE =
            FORMATS + "; a file, an https address (see --allow-urls), or - for standard input.";

    /** How images may be named, for the help. */
    public static final String SEVERAL =
            FORMATS + "; files, patterns such as '*.jpg', https addresses (see --allow-urls),"
                    + " @FILE for a list with a path or an address on every line, or - for an image on standard input.";

    private static final Pattern ADDRESS = Pattern.compile("(?i)https?://.*", Pattern.DOTALL);

    private final Function<Set<String>, UrlPolicy> policy;
    private RemoteImages remote;

    @Option(
            names = "--allow-urls",
            paramLabel = "HOST",
            split = ",",
            converter = HostName.class,
            description = "Hosts that images may be downloaded from, separated by commas: images.example.org,"
                    + " *.example.org for all below it, or * for all. None if not given.")
    private Set<String> hosts = Set.of();

    public ImageArguments() {
        this(UrlPolicy::of);
    }

    /** @param policy what may be downloaded from some hosts */
    ImageArguments(Function<Set<String>, UrlPolicy> policy) {
        this.policy = policy;
    }

    /**
     * The images that are meant, in their order. Checks what can be checked before anything takes time.
     *
     * @throws Failure if there is none where one is named
     */
    public List<NamedImage> all(List<String> values, Streams streams) throws IOException, Failure {
        List<String> names = expand(values, streams);
        int readings =
                Collections.frequency(values, "@-") + Collections.frequency(names, NamedImage.StandardInput.NAME);
        if (readings > 1) {
            throw new Failure("standard input can be read once, but --image names it more often");
        }
        List<NamedImage> images = new ArrayList<>();
        for (String name : names) {
            if (name.equals(NamedImage.StandardInput.NAME)) images.add(new NamedImage.StandardInput(streams));
            else images.add(isAddress(name) ? remote(name) : file(name));
        }
        return images;
    }

    /**
     * The files and directories that are meant, in their order, of a command that takes nothing else. Of those named one by
     * one, some may not exist.
     */
    public static List<Path> paths(List<String> values, Streams streams) throws IOException, Failure {
        List<Path> paths = new ArrayList<>();
        for (String name : expand(values, streams)) {
            if (isAddress(name)) throw new Failure(name + ": expected a file or a directory, found an address");
            paths.add(path(name));
        }
        return paths;
    }

    /** The one image that is meant. */
    public NamedImage one(String value, Streams streams) throws IOException, Failure {
        List<NamedImage> images = all(List.of(value), streams);
        if (images.size() == 1) return images.getFirst();
        throw new Failure(value + ": expected one image, found " + images.size());
    }

    /** The files among images. */
    public static List<Path> files(List<NamedImage> images) {
        return images.stream()
                .map(image -> image instanceof NamedImage.File file ? file.path() : null)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Ends downloads. */
    @Override
    public void close() {
        if (remote != null) remote.close();
    }

    /** Names, with those of a list or a pattern in its place. */
    private static List<String> expand(List<String> values, Streams streams) throws IOException, Failure {
        List<String> names = new ArrayList<>();
        for (String value : values) {
            if (value.startsWith("@")) names.addAll(listed(value.substring(1), streams));
            else if (Glob.isPattern(value) && !isAddress(value) && !exists(value)) names.addAll(matching(value));
            else names.add(value);
        }
        return names;
    }

    private static List<String> matching(String pattern) throws IOException, Failure {
        List<Path> files;
        try {
            files = Glob.expand(pattern, FileSystems.getDefault());
        } catch (PatternSyntaxException e) {
            throw new Failure(pattern + ": no such file, and no pattern of paths: " + e.getDescription(), e);
        } catch (InvalidPathException e) {
            throw new Failure(pattern + ": is no path: " + e.getReason(), e);
        }
        if (files.isEmpty()) throw new NoSuchFileException(pattern, null, "no file matches");
        return files.stream().map(Path::toString).toList();
    }

    /** Patterns are not expanded here: each line is one image. */
    private static List<String> listed(String list, Streams streams) throws IOException, Failure {
        boolean isInput = list.equals(NamedImage.StandardInput.NAME);
        if (!isInput && Files.isDirectory(path(list))) {
            throw new Failure(list + ": expected a list of images, found a directory");
        }
        List<String> names = new ArrayList<>();
        try (InputStream in = isInput ? streams.in() : new BufferedInputStream(Files.newInputStream(path(list)))) {
            TextLines lines = new TextLines(in, isInput ? "standard input" : list);
            for (String line = TextLines.withoutMark(lines.next()); line != null; line = lines.next()) {
                if (!line.isBlank()) names.add(line);
            }
        }
        if (names.isEmpty()) throw new Failure(list + ": expected a path on every line, found none");
        return names;
    }

    private static boolean isAddress(String name) {
        return ADDRESS.matcher(name).matches();
    }

    private static Path path(String name) throws Failure {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new Failure(name + ": is no path: " + e.getReason(), e);
        }
    }

    private NamedImage file(String name) throws IOException, Failure {
        Path file = path(name);
        if (Files.isDirectory(file)) throw new Failure(file + ": expected an image, found a directory");
        if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
        return new NamedImage.File(file);
    }

    private NamedImage remote(String address) throws Failure {
        if (hosts.isEmpty()) {
            throw new Failure(address + ": images are downloaded only from hosts that --allow-urls names");
        }
        if (remote == null) {
            remote = new RemoteImages(policy.apply(hosts));
        }
        try {
            return new NamedImage.Remote(new URI(address), remote);
        } catch (URISyntaxException e) {
            throw new Failure(address + ": is no address: " + e.getReason(), e);
        }
    }

    private static boolean exists(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
