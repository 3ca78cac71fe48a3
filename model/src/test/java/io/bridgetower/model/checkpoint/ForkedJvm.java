package io.bridgetower.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import io.bridgetower.files.MalformedFileException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a main method in a virtual machine with a small heap. */
public final class ForkedJvm {
    private ForkedJvm() {}

    /**
     * Fails unless it exits with 0, and shows what it printed.
     *
     * @param megabytes of heap and of direct buffers each
     */
    public static void run(int megabytes, Class<?> main, Object... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + megabytes + "m",
                "-XX:MaxDirectMemorySize=" + megabytes + "m",
                "-XX:+UseSerialGC",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                Stream.of(main, Checkpoint.class, MalformedFileException.class, JsonFactory.class)
                        .map(ForkedJvm::root)
                        .distinct()
                        .collect(Collectors.joining(File.pathSeparator)),
                main.getName()));
        Arrays.stream(args).map(Object::toString).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertEquals(0, process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
    }

    /** The folder or archive that a class comes from, also where tests are patched into a module. */
    private static String root(Class<?> type) {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        String place = type.getResource(name).toString();
        String root = place.substring(0, place.length() - name.length());
        if (root.startsWith("jar:")) root = root.substring("jar:".length(), root.length() - 1);
        return Path.of(URI.create(root)).toString();
    }
}
