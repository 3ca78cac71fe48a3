package io.bridgetower.engine.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.matmul.TileShape;
import io.bridgetower.testing.ForkedJvm;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("own-jvm")
class WarmKernelsTest {
    /** Methods that load and store vectors, in the lines of {@code -XX:+PrintCompilation}. */
    private static final Pattern KERNEL = Pattern.compile(
            " 4 +io\\.bridgetower\\.engine\\.\\w+\\.(Tile\\d|TileRows|LayerNorm|Transpose|Panels|Vectors)\\w*[/:].*");

    @Test
    @Timeout(120)
    void compiledKernelsOutliveTheLoadingOfOtherSegments() throws Exception {
        List<String> kernels = kernelsOf(WarmKernelsRun.Then.OTHER_SEGMENTS);
        String tile = "Tile" + TileShape.MAX_ROWS + "x" + TileShape.VECTORS + "F32";
        for (String kernel : List.of(tile, "TileRows::storeWhole ", "LayerNorm::normalize ")) {
            assertTrue(kernels.stream().anyMatch(line -> line.contains(kernel)), () -> kernel + " is not compiled");
        }
        assertNone(kernels, "marked for deoptimization");
    }

    /**
     * An image has an odd number of tokens, the end of an odd sum is a branch of the tile, and its panels may be the last
     * things in their memory.
     */
    @Test
    @Timeout(120)
    void compiledTilesOutliveTheFirstImage() throws Exception {
        List<String> kernels = kernelsOf(WarmKernelsRun.Then.IMAGE);
        List<String> tiles = kernels.stream()
                .filter(line -> line.contains(".Tile") && !line.contains("TileRows"))
                .toList();
        assertFalse(tiles.isEmpty());
        assertNone(tiles, "uncommon trap");
    }

    /** IDEs and build tools start programs like this, to save time. */
    @ParameterizedTest
    @Timeout(120)
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-Xint"})
    void warnsWhereNothingOptimizes(String option) throws Exception {
        String output = run(WarmKernelsRun.Then.OTHER_SEGMENTS, option);
        assertTrue(output.contains("without its optimizing compiler"), output);
    }

    private static void assertNone(List<String> kernels, String what) {
        assertEquals(
                List.of(), kernels.stream().filter(line -> line.contains(what)).toList());
    }

    /** What the compiler tells of the kernels. */
    private static List<String> kernelsOf(WarmKernelsRun.Then then) throws Exception {
        String output = run(then, "-Xbatch", "-XX:+PrintCompilation");
        assertFalse(output.contains("optimizing compiler"), output);
        return output.lines().filter(line -> KERNEL.matcher(line).find()).toList();
    }

    /** What it prints in a JVM of its own, as others may have run or loaded other things here. */
    private static String run(WarmKernelsRun.Then then, String... options) throws Exception {
        return new ForkedJvm(WarmKernelsRun.class).option(options).run(then);
    }
}
