package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged distribution, started as people start it. Runs after the packaging. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/bridgetower is a script of Unix shells")
@Tag("distribution")
class LauncherTest {
    /** To a file, without the place in it. */
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#\\s]+)");

    private static final Path BUILT = Run.ROOT.resolve("cli/target");

    @TempDir
    private Path directory;

    private Path launcher;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        // Of the version that is tested, not of one that was built before.
        String name = "bridgetower-"
                + Files.readString(BUILT.resolve("classes/io/bridgetower/cli/version.txt"))
                        .strip();
        Path archive = BUILT.resolve(name + ".tar.gz");
        assertTrue(Files.exists(archive), "there is no " + archive + ": mvn package makes it");
        Path home = Files.createDirectory(directory.resolve("a home"));
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", home.toString()).start();
        assertEquals(0, tar.waitFor());
        assertArrayEquals(new String[] {name}, home.toFile().list());
        launcher = home.resolve(name).resolve("bin/bridgetower");
    }

    @Test
    void scoresWithTheDemoModelFromAnyDirectoryThroughALink() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.relativize(launcher));
        Path image = Files.copy(Run.example(1), directory.resolve("圖.png"));
        Process process = start(link, Map.of("LC_ALL", "C"), "score", "--image", image.toString(), "--text", "十字");
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), err(process));
        assertTrue(out.contains("圖.png  十字\n"), out);
    }

    @Test
    void endsWithTheExitCodeOfTheCommand() throws IOException, InterruptedException {
        Process process = start(launcher, Map.of(), "score", "--image");
        assertEquals(2, process.waitFor());
        assertTrue(err(process).contains("\nbridgetower: "));
    }

    @Test
    void stopsWhenNobodyReads() throws IOException, InterruptedException {
        Process process = start(launcher, Map.of(), "tokenize", "--model", Run.DEMO.toString());
        Thread.ofVirtual().start(() -> feed(process));
        assertEquals('0', process.getInputStream().read());
        process.getInputStream().close();
        assertEquals(1, process.waitFor());
        assertEquals(1, err(process).lines().count());
    }

    @Test
    void thePagesLinkToWhatIsThere() throws IOException {
        Path home = launcher.getParent().getParent();
        List<Path> pages = new ArrayList<>(List.of(home.resolve("README.md")));
        try (Stream<Path> docs = Files.list(home.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        int links = 0;
        for (Path page : pages) {
            Matcher link = LINK.matcher(Files.readString(page));
            for (; link.find(); links++) {
                Path target = page.resolveSibling(link.group(1));
                assertTrue(Files.exists(target), page.getFileName() + " links to " + link.group(1));
            }
        }
        assertTrue(links > 20, links + " links");
    }

    @Test
    void theNoticesNameEveryLibraryOfOthers() throws IOException {
        Path home = launcher.getParent().getParent();
        List<String> held;
        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            held = jars.map(jar -> jar.getFileName().toString().replaceFirst("-[0-9.]+(-SNAPSHOT)?\\.jar$", ""))
                    .filter(name -> !name.startsWith("bridgetower"))
                    .sorted()
                    .toList();
        }
        Pattern name = Pattern.compile("`([^`]+)`");
        List<String> named = Files.readString(home.resolve("THIRD-PARTY.md"))
                .lines()
                .filter(line -> line.startsWith("| ["))
                .flatMap(line -> name.matcher(line).results().map(match -> match.group(1)))
                .sorted()
                .toList();
        assertEquals(held, named);
        assertTrue(Files.readString(home.resolve("LICENSE")).contains("Apache License"));
    }

    @Test
    void launchersOfAllSystemsStartJavaAlike() throws IOException {
        String windows = Files.readString(launcher.resolveSibling("bridgetower.cmd"));
        assertTrue(windows.lines().count() > 10 && windows.split("\r\n", -1).length == windows.split("\n", -1).length);
        Set<String> options = options(Files.readString(launcher));
        assertTrue(options.contains("-Djava.awt.headless=true"), options.toString());
        assertEquals(options, options(windows));
    }

    /** Options of Java and the modules that they name. */
    private static Set<String> options(String script) {
        Set<String> options = new TreeSet<>();
        Matcher option = Pattern.compile("(?<= )\"?(-D[\\w.]+=(true)?|-X\\w+|--[a-z-]+ [\\w./]+)")
                .matcher(script.substring(script.indexOf("--add-modules")));
        while (option.find()) options.add(option.group(1));
        return options;
    }

    @Test
    void leavesTheAllocatorToWhoeverHasSetItUp() throws IOException, InterruptedException {
        assertEquals("glibc.malloc.hugetlb=2", tunables("glibc.malloc.hugetlb=2"));
    }

    @Test
    void asksForLargePagesUnlessTheHostTakesFreeMemoryAway() throws IOException, InterruptedException {
        assertEquals(reportsFreeMemory() ? "" : "glibc.malloc.hugetlb=1", tunables(""));
    }

    /** What a JVM would be started with, from something that passes for a JDK. */
    private String tunables(String given) throws IOException, InterruptedException {
        Path java = directory.resolve("a jdk/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\nprintf %s \"$GLIBC_TUNABLES\"\n");
        assertTrue(java.toFile().setExecutable(true));
        Path home = java.getParent().getParent();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25\"\n");
        Process process = start(launcher, Map.of("JAVA_HOME", home.toString(), "GLIBC_TUNABLES", given));
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), err(process));
        return out;
    }

    private static boolean reportsFreeMemory() throws IOException {
        Path balloons = Path.of("/sys/bus/virtio/drivers/virtio_balloon");
        if (!Files.isDirectory(balloons)) return false;
        try (Stream<Path> devices = Files.list(balloons)) {
            for (Path device : devices.toList()) {
                Path features = device.resolve("features");
                if (Files.isReadable(features) && Files.readString(features).charAt(5) == '1') return true;
            }
        }
        return false;
    }

    private Process start(Path command, Map<String, String> environment, String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(command.toString()), Stream.of(args)).toList());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.directory(Files.createTempDirectory(directory, "empty").toFile())
                .start();
    }

    private static void feed(Process process) {
        byte[] lines = "a black square\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try {
            while (process.isAlive()) process.getOutputStream().write(lines);
        } catch (IOException e) {
            // The process has ended, as it should.
        }
    }

    private static String err(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
