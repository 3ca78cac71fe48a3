package io.bridgetower.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SegmentClassesTest {
    /** Methods that load and store vectors, in the lines of {@code -XX:+PrintCompilation}. */
    private static final Pattern KERNEL = Pattern.compile(
            " 4 +io\\.bridgetower\\.engine\\.(Tile\\d|TileRows|LayerNorm|Transpose|Panels|Vectors)\\w*[/:].*");

    /** In a JVM of its own, as others may have loaded the classes here. */
    @Test
    @Timeout(120)
    void compiledKernelsOutliveTheLoadingOfOthers() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-Xbatch",
                        "-XX:+PrintCompilation",
                        "-cp",
                        root(KernelWarmUp.class) + File.pathSeparator + root(SegmentClassesRun.class),
                        SegmentClassesRun.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        List<String> kernels =
                output.lines().filter(line -> KERNEL.matcher(line).find()).toList();
        String tile = "Tile" + TileShape.MAX_ROWS + "x" + TileShape.VECTORS + "F32";
        for (String kernel : List.of(tile, "TileRows::storeWhole ", "LayerNorm::normalize ")) {
            assertTrue(
                    kernels.stream().anyMatch(line -> line.contains(kernel)), kernel + " is not compiled:\n" + output);
        }
        assertEquals(
                List.of(),
                kernels.stream()
                        .filter(line -> line.contains("marked for deoptimization"))
                        .toList());
    }

    /** The folder or archive that a class comes from, also where tests are patched into a module. */
    private static String root(Class<?> type) {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        String place = type.getResource(name).toString();
        return Path.of(URI.create(place.substring(0, place.length() - name.length())))
                .toString();
    }
}
