package io.bridgetower.build.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a site of the Markdown pages and of the Javadoc that lies in the modules: {@code Site ROOT OUTPUT REPOSITORY}.
 * {@code README.md} becomes {@code index.html}, other pages keep their names. Links to files that are no pages lead to the
 * repository. Exits with 1 if a link leads nowhere.
 */
public final class Site {
    private Site() {}

    public static void main(String[] args) throws IOException {
        List<String> broken = make(Path.of(args[0]), Path.of(args[1]), args[2]);
        if (broken.isEmpty()) return;
        System.err.println("links that lead nowhere:");
        broken.forEach(link -> System.err.println("  " + link));
        System.exit(1);
    }

    /**
     * Writes all files.
     *
     * @param root of the sources
     * @param output a directory, which is made where there is none; what it has is written over
     * @param repository address that paths of files are appended to
     * @return links between the pages that lead nowhere, each with its page
     */
    static List<String> make(Path root, Path output, String repository) throws IOException {
        Files.createDirectories(output.resolve("docs"));
        try (InputStream style = Site.class.getResourceAsStream("site.css")) {
            Files.copy(style, output.resolve("site.css"), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> modules = Javadoc.copy(root, output);
        List<Page> pages = new ArrayList<>();
        for (Path file : markdown(root)) pages.add(Page.read(root, file, repository));
        for (Page page : pages) {
            Files.writeString(output.resolve(page.path()), page.html(pages, modules));
            for (Path image : page.images()) {
                Files.copy(root.resolve(image), output.resolve(image), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return LinkCheck.broken(output, pages);
    }

    private static List<Path> markdown(Path root) throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path directory : List.of(root, root.resolve("docs"))) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }
}
