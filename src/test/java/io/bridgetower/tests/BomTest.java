package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** The bill of materials names every artifact that is published, and no other. */
class BomTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));

    /** Modules that are not for users. */
    private static final Set<String> INTERNAL = Set.of("testing", "bench", "build", "src/test", "bom");

    private final XPath xpath = XPathFactory.newInstance().newXPath();

    private static Document pom(String directory) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(ROOT.resolve(directory).resolve("pom.xml").toFile());
    }

    private List<String> texts(Document pom, String path) throws Exception {
        List<String> texts = new ArrayList<>();
        int count = ((Number) xpath.evaluate("count(" + path + ")", pom, XPathConstants.NUMBER)).intValue();
        for (int i = 1; i <= count; i++) texts.add(xpath.evaluate("(" + path + ")[" + i + "]", pom));
        return texts;
    }

    @Test
    void namesEveryPublishedArtifactOnce() throws Exception {
        Document bom = pom("bom");
        Document root = pom(".");
        List<String> modules = texts(root, "/project/modules/module");
        Set<String> internal = new TreeSet<>(INTERNAL);
        internal.removeAll(modules);
        assertEquals(Set.of(), internal, "modules that there are no more");
        List<String> published = new ArrayList<>();
        for (String module : modules) {
            if (!INTERNAL.contains(module)) published.add(xpath.evaluate("/project/artifactId", pom(module)));
        }
        List<String> named = texts(bom, "/project/dependencyManagement/dependencies/dependency/artifactId");
        assertEquals(
                published.stream().sorted().toList(), named.stream().sorted().toList());
        String version = xpath.evaluate("/project/version", root);
        assertEquals(version, xpath.evaluate("/project/version", bom));
        assertEquals(
                Set.of("${project.version}"),
                Set.copyOf(texts(bom, "/project/dependencyManagement/dependencies/dependency/version")));
    }
}
