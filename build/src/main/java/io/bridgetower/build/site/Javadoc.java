package io.bridgetower.build.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Javadoc of all modules, in a directory for each. */
final class Javadoc {
    private static final String PLACE = "target/reports/apidocs";
    private static final String MODULE = "module:";

    /** How Maven refers to the Javadoc of another module: below the address of the project, which is the same for all. */
    private static final Pattern OTHER_MODULE =
            Pattern.compile("href=\"https://[^\"]*/apidocs/(io\\.bridgetower[^/\"]*)/");

    private Javadoc() {}

    /**
     * Copies what lies in the modules.
     *
     * @param root of the sources
     * @param output the site
     * @return the directories of the modules that have some
     */
    static List<String> copy(Path root, Path output) throws IOException {
        Map<String, Path> found = new HashMap<>();
        Map<String, String> directories = new HashMap<>();
        for (Path module : modules(root)) {
            String directory = module.getFileName().toString();
            Path javadoc = module.resolve(PLACE);
            found.put(directory, javadoc);
            for (String element : Files.readAllLines(javadoc.resolve("element-list"))) {
                if (element.startsWith(MODULE)) directories.put(element.substring(MODULE.length()), directory);
            }
        }
        List<String> names = new ArrayList<>(found.keySet());
        names.sort(null);
        for (String name : names) {
            copy(found.get(name), output.resolve("javadoc").resolve(name), directories);
        }
        return names;
    }

    private static List<Path> modules(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(module -> Files.exists(module.resolve(PLACE).resolve("element-list")))
                    .toList();
        }
    }

    private static void copy(Path from, Path to, Map<String, String> directories) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(from)) {
            all = files.toList();
        }
        for (Path file : all) {
            Path relative = from.relativize(file), target = to.resolve(relative.toString());
            if (Files.isDirectory(file)) Files.createDirectories(target);
            else if (file.toString().endsWith(".html")) {
                String up = "../".repeat(relative.getNameCount());
                Files.writeString(target, linked(Files.readString(file), up, directories));
            } else Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String linked(String html, String up, Map<String, String> directories) {
        return OTHER_MODULE.matcher(html).replaceAll(link -> {
            String module = link.group(1), directory = directories.get(module);
            String address = directory == null ? link.group() : "href=\"" + up + directory + "/" + module + "/";
            return Matcher.quoteReplacement(address);
        });
    }
}
