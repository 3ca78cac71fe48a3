package io.bridgetower.build.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
    private static final String REPOSITORY = "https://example.org/blob/main/";

    @TempDir
    private Path directory;

    private Path root, site;

    @BeforeEach
    void write() throws IOException {
        root = directory.resolve("root");
        site = directory.resolve("site");
        Files.createDirectories(root.resolve("docs"));
        Files.write(root.resolve("docs/a.png"), new byte[] {1});
        Files.writeString(root.resolve("README.md"), """
            # First & last
            ![an image](docs/a.png) [other](docs/other.md#the-second-one), [licence](LICENSE), [site](https://example.org/x.md)

            | a | b |
            |---|---|
            | 1 | 2 |

            ```
            a <mask>
            ```
            """);
        Files.writeString(root.resolve("docs/other.md"), """
            # Other
            [back](../README.md) [change](../CHANGES.md) [here](#the-second-one)
            ## The second one
            """);
        Files.writeString(root.resolve("CHANGES.md"), "# Changes\n");
    }

    private List<String> make() throws IOException {
        return Site.make(root, site, REPOSITORY);
    }

    @Test
    void pagesLinkToEachOtherAndToTheRepository() throws IOException {
        assertEquals(List.of(), make());
        String first = Files.readString(site.resolve("index.html"));
        assertTrue(first.contains("<a href=\"docs/other.html#the-second-one\">other</a>"), first);
        assertTrue(first.contains("<a href=\"" + REPOSITORY + "LICENSE\">licence</a>"), first);
        assertTrue(first.contains("<a href=\"https://example.org/x.md\">site</a>"), first);
        assertTrue(first.contains("<title>First &amp; last</title>"), first);
        assertTrue(first.contains("<td>1</td>") && first.contains("a &lt;mask&gt;"), first);
        assertTrue(first.contains("<li><a href=\"docs/other.html\">Other</a></li>"), first);
        assertFalse(first.contains("CHANGES"), first);
        String other = Files.readString(site.resolve("docs/other.html"));
        assertTrue(other.contains("<a href=\"../index.html\">back</a>"), other);
        assertTrue(other.contains("<a href=\"../CHANGES.html\">change</a>"), other);
        assertTrue(other.contains("<h2 id=\"the-second-one\">"), other);
        assertTrue(Files.exists(site.resolve("docs/a.png")) && Files.exists(site.resolve("site.css")));
    }

    @Test
    void javadocOfModulesLinksToEachOther() throws IOException {
        Path api = Files.createDirectories(root.resolve("api/target/reports/apidocs"));
        Files.writeString(api.resolve("element-list"), "module:io.bridgetower\nio.bridgetower\n");
        Files.writeString(api.resolve("index.html"), "overview");
        Path hub = Files.createDirectories(root.resolve("hub/target/reports/apidocs"));
        Files.writeString(hub.resolve("element-list"), "module:io.bridgetower.hub\nio.bridgetower.hub\n");
        Files.writeString(hub.resolve("index.html"), "overview");
        Path packages = Files.createDirectories(hub.resolve("io.bridgetower.hub"));
        String before = "<a href=\"https://example.org/x/apidocs/";
        Files.writeString(
                packages.resolve("Hub.html"),
                before + "io.bridgetower/A.html\">" + before + "io.bridgetower.b/B.html\">");
        assertEquals(List.of(), make());
        assertEquals("overview", Files.readString(site.resolve("javadoc/api/index.html")));
        assertEquals(
                "<a href=\"../../api/io.bridgetower/A.html\">" + before + "io.bridgetower.b/B.html\">",
                Files.readString(site.resolve("javadoc/hub/io.bridgetower.hub/Hub.html")));
        assertTrue(Files.readString(site.resolve("docs/other.html")).contains("\"../javadoc/api/index.html\""));
    }

    @Test
    void linksThatLeadNowhereAreNamed() throws IOException {
        Files.writeString(root.resolve("docs/other.md"), "# Other\n[a](none.md) [b](#none) [c](../README.md#none)\n");
        assertEquals(
                List.of(
                        "index.html: docs/other.html#the-second-one",
                        "docs/other.html: ../docs/none.html",
                        "docs/other.html: #none",
                        "docs/other.html: ../index.html#none"),
                make());
    }

    @Test
    void aPageWithoutAHeadingIsNamed() throws IOException {
        Files.writeString(root.resolve("docs/other.md"), "text\n");
        String message = assertThrows(IOException.class, this::make).getMessage();
        assertEquals(root.resolve("docs/other.md") + ": expected a heading, found none", message);
    }
}
