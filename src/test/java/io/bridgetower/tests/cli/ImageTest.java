package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archive with a Java of its own, started in an empty directory without any environment but a path. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/bridgetower is a script of Unix shells")
@Tag("image")
class ImageTest {
    @TempDir
    private Path directory;

    private Path home;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        List<Path> archives;
        try (Stream<Path> files = Files.list(Run.ROOT.resolve("cli/target"))) {
            archives = files.filter(file ->
                            file.getFileName().toString().matches("bridgetower-(linux|macos|windows)-\\w+\\.tar\\.gz"))
                    .toList();
        }
        assertEquals(1, archives.size(), archives + ": mvn -Pimage package makes one");
        Process tar =
                new ProcessBuilder("tar", "-xzf", archives.getFirst().toString(), "-C", directory.toString()).start();
        assertEquals(0, tar.waitFor());
        try (Stream<Path> files = Files.list(directory)) {
            home = files.toList().getFirst();
        }
    }

    @Test
    void scoresOnItsOwnJava() throws IOException, InterruptedException {
        String[] command = {
            "score",
            "--model",
            Run.DEMO.toString(),
            "--image",
            Run.example(2).toString(),
            "--text",
            "a large blue square"
        };
        Process process = start(command);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), Files.readString(directory.resolve("err")));
        assertEquals(Run.of((Object[]) command).succeeds(), out);
    }

    @Test
    void readsEveryKindOfImage() throws IOException, InterruptedException {
        Path to = directory.resolve("pixels.safetensors");
        for (String name :
                List.of("lossy.webp", "progressive_2x1.jpg", "palette.tif", "palette_8.bmp", "interlaced_7.gif")) {
            Path image = Run.ROOT.resolve("processor/src/test/resources/codecs/" + name);
            Process process = start(
                    "preprocess",
                    "--model",
                    Run.DEMO.toString(),
                    "--image",
                    image.toString(),
                    "--output",
                    to.toString());
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
            assertEquals(0, process.waitFor(), name + ": " + Files.readString(directory.resolve("err")));
            assertTrue(Files.size(to) > 0, name);
            Files.delete(to);
        }
    }

    /** It waits for lines, so that it can be looked at while it runs. */
    @Test
    void isNoOtherJavaOfTheMachine() throws IOException, InterruptedException {
        Process process = start("tokenize", "--model", Run.DEMO.toString());
        process.outputWriter().append("a star\n").flush();
        BufferedReader out = process.inputReader();
        assertTrue(out.readLine() != null);
        Path java = Path.of(process.info().command().orElseThrow()).toRealPath();
        assertTrue(java.startsWith(home.toRealPath().resolve("runtime")), java.toString());
        process.outputWriter().close();
        assertEquals(0, process.waitFor());
    }

    @Test
    void theDebianPackageHoldsTheSame() throws IOException, InterruptedException {
        List<Path> packages;
        try (Stream<Path> files = Files.list(Run.ROOT.resolve("cli/target"))) {
            packages = files.filter(file -> file.toString().endsWith(".deb")).toList();
        }
        assumeTrue(Files.exists(Path.of("/usr/bin/dpkg-deb")), "dpkg-deb is not installed");
        assertEquals(1, packages.size(), packages.toString());
        Path installed = directory.resolve("installed");
        Process unpack =
                new ProcessBuilder("dpkg-deb", "-x", packages.getFirst().toString(), installed.toString()).start();
        assertEquals(0, unpack.waitFor());
        Path launcher = Path.of("opt/bridgetower/bin/bridgetower");
        assertEquals(Path.of("/").resolve(launcher), Files.readSymbolicLink(installed.resolve("usr/bin/bridgetower")));
        home = installed.resolve("opt/bridgetower");
        Process process = start("tokenize", "--model", Run.DEMO.toString());
        process.outputWriter().append("a star\n").close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), Files.readString(directory.resolve("err")));
        assertEquals(
                Run.of("a star\n".getBytes(StandardCharsets.UTF_8), "tokenize", "--model", Run.DEMO)
                        .succeeds(),
                out);
    }

    /** With nothing but a path, on which the launcher must not look for a Java. */
    private Process start(String... args) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(home.resolve("bin/bridgetower").toString()), Stream.of(args))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        Path empty = Files.createTempDirectory(directory, "empty");
        return builder.directory(empty.toFile()).start();
    }
}
