package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script in the root of the source tree, with a build that only writes what it would have built. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bridgetower is a script of Unix shells")
class SourceLauncherTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    private Path root;

    private Path target;

    @BeforeEach
    void makeSourceTree() throws IOException {
        String script = Files.readString(Run.ROOT.resolve("bridgetower"));
        Files.writeString(root.resolve("bridgetower"), script);
        Matcher sources = Pattern.compile("sources=\"([^\"]*)\"").matcher(script);
        assertTrue(sources.find());
        for (String source : sources.group(1).strip().split("\\s+")) {
            Path place = root.resolve(source);
            Files.createDirectories(source.endsWith(".xml") ? place.getParent() : place);
            if (source.endsWith(".xml")) Files.createFile(place);
            Files.setLastModifiedTime(place, FileTime.from(LONG_AGO));
        }
        target = Files.createDirectories(root.resolve("cli/target"));
        executable(root.resolve("bin/mvn"), "echo 'Maven was called' >&2; . ./build");
    }

    @Test
    void runsTheVersionThatWasBuiltAndNoOther() throws IOException, InterruptedException {
        distribution("0.0.1");
        distribution("0.1.0");
        distribution("0.2.0");
        Path version = target.resolve("classes/io/bridgetower/cli/version.txt");
        Files.createDirectories(version.getParent());
        Files.writeString(version, "0.1.0\n");
        Files.createFile(target.resolve(".built"));
        assertEquals("this is 0.1.0, asked to score", run("score"));
    }

    @Test
    void aBuildLeavesNothingOfAnOlderOne() throws IOException, InterruptedException {
        distribution("0.1.0");
        Path stale =
                Files.createDirectories(target.resolve("bridgetower-0.2.0/lib")).resolve("old.jar");
        Files.createFile(stale);
        Files.writeString(root.resolve("build"), """
            mkdir -p cli/target/classes/io/bridgetower/cli cli/target/bridgetower-0.2.0/bin
            echo 0.2.0 > cli/target/classes/io/bridgetower/cli/version.txt
            printf '#!/bin/sh\\necho "this is 0.2.0, asked to $*"\\n' > cli/target/bridgetower-0.2.0/bin/bridgetower
            chmod +x cli/target/bridgetower-0.2.0/bin/bridgetower
            """);
        assertEquals("this is 0.2.0, asked to fill", run("fill"));
        assertFalse(Files.exists(stale));
        Files.delete(root.resolve("build"));
        assertEquals("this is 0.2.0, asked to embed", run("embed"));
    }

    @Test
    void isBuiltByTheWrapperWhereThereIsNoMaven() throws IOException, InterruptedException {
        Path tools = Files.createDirectory(root.resolve("tools"));
        for (String tool : List.of("cat", "dirname", "find", "mkdir", "mv", "readlink", "rm", "touch")) {
            executable(tools.resolve(tool), "exec " + onPath(tool) + " \"$@\"");
        }
        executable(root.resolve("mvnw"), """
            mkdir -p cli/target/classes/io/bridgetower/cli cli/target/bridgetower-0.3.0
            echo 0.3.0 > cli/target/classes/io/bridgetower/cli/version.txt
            mv made cli/target/bridgetower-0.3.0/bin
            """);
        executable(root.resolve("made/bridgetower"), "echo \"this is 0.3.0, asked to $*\"");
        assertEquals("this is 0.3.0, asked to score", run("score", tools.toString()));
    }

    private static Path onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private void distribution(String version) throws IOException {
        executable(
                target.resolve("bridgetower-" + version + "/bin/bridgetower"),
                "echo \"this is " + version + ", asked to $*\"");
    }

    private static void executable(Path file, String commands) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\nset -e\n" + commands + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private String run(String command) throws IOException, InterruptedException {
        return run(command, root.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
    }

    private String run(String command, String path) throws IOException, InterruptedException {
        Path err = Files.createTempFile(root, "err", null);
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("/bin/sh", root.resolve("bridgetower").toString(), command))
                .redirectError(err.toFile());
        builder.environment().put("PATH", path);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), Files.readString(err));
        return out.strip();
    }
}
