package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import io.bridgetower.files.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code jbang-catalog.json}, with which JBang runs the command line from Maven Central. */
class JBangTest {
    private static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));

    @Test
    void theAliasStartsTheCommandLineOfThisVersion() throws IOException {
        Map<?, ?> alias = alias();
        assertEquals("io.bridgetower:bridgetower-cli:" + version(), alias.get("script-ref"));
        assertEquals(Main.class.getName(), alias.get("main"));
        assertTrue(Files.readString(ROOT.resolve("cli/pom.xml")).contains("<artifactId>bridgetower-cli</artifactId>"));
    }

    /** Those of the launcher, for a class path. */
    @Test
    void itHasTheOptionsThatJavaNeeds() throws IOException {
        List<?> options = (List<?>) alias().get("runtime-options");
        String launcher = Files.readString(ROOT.resolve("cli/src/main/scripts/bridgetower"));
        for (Object option : options) {
            String name = option.toString().replace("=jdk", " jdk").replaceAll("=.*", "");
            assertTrue(launcher.contains(name), option.toString());
        }
        assertTrue(options.contains("--add-modules=jdk.incubator.vector"));
    }

    private static Map<?, ?> alias() throws IOException {
        Path file = ROOT.resolve("jbang-catalog.json");
        try (JsonReader json = new JsonReader(file, Files.newInputStream(file))) {
            Map<?, ?> catalog = (Map<?, ?>) json.value();
            return (Map<?, ?>) ((Map<?, ?>) catalog.get("aliases")).get("bridgetower");
        }
    }

    private static String version() throws IOException {
        Matcher version =
                Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertTrue(version.find());
        return version.group(1);
    }
}
