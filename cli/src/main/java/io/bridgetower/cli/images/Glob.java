package io.bridgetower.cli.images;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Patterns of paths as shells have them: {@code *}, {@code ?}, {@code [a-z]} and {@code [!a-z]} in the names of files and directories. */
final class Glob {
    private static final Pattern SPECIAL = Pattern.compile("[*?\\[]");

    /** What goes before the first name with a special character. */
    private static final Pattern DIRECTORY = Pattern.compile("[^*?\\[]*/"),
            WINDOWS_DIRECTORY = Pattern.compile("[^*?\\[]*[/\\\\]");

    private Glob() {}

    /** Whether a text has a character that makes it a pattern. */
    static boolean isPattern(String text) {
        return SPECIAL.matcher(text).find();
    }

    /**
     * The paths of a file system that match, sorted name by name. Names that begin with a dot match only a pattern that does, too.
     *
     * @throws PatternSyntaxException if a bracket is not closed
     */
    static List<Path> expand(String pattern, FileSystem files) throws IOException {
        boolean backslashes = files.getSeparator().equals("\\");
        Matcher beginning = (backslashes ? WINDOWS_DIRECTORY : DIRECTORY).matcher(pattern);
        // A root may have more than one separator, as of a server.
        String directory = beginning.lookingAt() ? beginning.group() : "";
        List<Path> found = List.of(files.getPath(directory));
        for (String name : pattern.substring(directory.length()).split(backslashes ? "[/\\\\]+" : "/+")) {
            List<Path> longer = new ArrayList<>();
            for (Path path : found) add(path, name, longer);
            found = longer;
        }
        return found;
    }

    private static void add(Path directory, String name, List<Path> found) throws IOException {
        if (!isPattern(name)) {
            if (Files.exists(directory.resolve(name))) found.add(directory.resolve(name));
            return;
        }
        if (!Files.isDirectory(directory)) return;
        PathMatcher matcher = directory.getFileSystem().getPathMatcher("glob:" + escaped(name));
        List<Path> matching = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Path candidate = entry.getFileName();
                boolean isHidden = candidate.toString().startsWith(".") && !name.startsWith(".");
                if (!isHidden && matcher.matches(candidate)) matching.add(directory.resolve(candidate));
            }
        }
        matching.sort(null);
        found.addAll(matching);
    }

    /** Braces and backslashes are special to Java, but no part of a pattern here. */
    private static String escaped(String name) {
        return name.replaceAll("[{}\\\\]", "\\\\$0");
    }
}
