package io.bridgetower.build.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/**
 * A page of Markdown.
 *
 * @param path where it lies in the site, with {@code /} between the names
 * @param title its first heading
 * @param content its parsed text; links lead to other files of the site or out of it
 * @param images files that it shows, relative to the root
 */
record Page(String path, String title, Node content, List<Path> images) {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).build();

    private static final String TEMPLATE = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>@TITLE@</title>
        <link rel="stylesheet" href="@UP@site.css">
        </head>
        <body>
        <nav><ul>
        @NAVIGATION@</ul></nav>
        <main>
        @CONTENT@</main>
        </body>
        </html>
        """;

    /**
     * Reads a page and turns its links to those of the site.
     *
     * @param root of the sources
     * @param repository address that paths of files are appended to
     * @throws IOException if the page cannot be read, or has no heading; the message names it
     */
    static Page read(Path root, Path file, String repository) throws IOException {
        Node content = PARSER.parse(Files.readString(file));
        Links links = new Links(root, file, repository);
        content.accept(links);
        if (links.title == null) throw new IOException(file + ": expected a heading, found none");
        return new Page(address(root.relativize(file)), links.title, content, links.images);
    }

    /** The whole file, with links to all pages and to the Javadoc of modules. */
    String html(List<Page> pages, List<String> modules) {
        String up = path.contains("/") ? "../" : "";
        StringBuilder navigation = new StringBuilder();
        for (Page page : pages) {
            if (page.isInNavigation()) navigation.append(entry(up + page.path, page.title));
        }
        for (String module : modules) {
            navigation.append(entry(up + "javadoc/" + module + "/index.html", "Javadoc: " + module));
        }
        return TEMPLATE.replace("@TITLE@", escaped(title))
                .replace("@UP@", up)
                .replace("@NAVIGATION@", navigation)
                .replace("@CONTENT@", RENDERER.render(content));
    }

    /** Other pages of the root are reached by links in the text. */
    private boolean isInNavigation() {
        return path.equals("index.html") || path.startsWith("docs/");
    }

    private static String entry(String address, String title) {
        return "<li><a href=\"" + address + "\">" + escaped(title) + "</a></li>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    /** Where a file of Markdown lies in the site. */
    private static String address(Path file) {
        String name = file.toString().replace('\\', '/');
        return name.equals("README.md") ? "index.html" : name.replaceFirst("\\.md$", ".html");
    }

    private static final class Links extends AbstractVisitor {
        private final Path root;
        private final Path page;
        private final String repository;
        private final List<Path> images = new ArrayList<>();
        private String title;

        Links(Path root, Path page, String repository) {
            this.root = root;
            this.page = page;
            this.repository = repository;
        }

        @Override
        public void visit(Heading heading) {
            if (title == null) {
                title = TextContentRenderer.builder().build().render(heading);
            }
            visitChildren(heading);
        }

        @Override
        public void visit(Image image) {
            if (isOutside(image.getDestination())) return;
            images.add(
                    root.relativize(page.resolveSibling(image.getDestination()).normalize()));
        }

        @Override
        public void visit(Link link) {
            visitChildren(link);
            String destination = link.getDestination();
            if (isOutside(destination) || destination.startsWith("#")) return;
            String file = destination.replaceFirst("#.*", ""), anchor = destination.substring(file.length());
            Path target = root.relativize(page.resolveSibling(file).normalize());
            boolean isPage = file.endsWith(".md") && (target.getNameCount() == 1 || target.startsWith("docs"));
            Path from = root.relativize(page).getParent();
            link.setDestination(
                    isPage
                            ? (from == null ? "" : "../".repeat(from.getNameCount())) + address(target) + anchor
                            : repository + target.toString().replace('\\', '/') + anchor);
        }

        private static boolean isOutside(String destination) {
            return destination.matches("[a-z]+:.*");
        }
    }
}
