package io.bridgetower.engine.bf16;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.testing.ForkedJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machine code in a JVM that collects garbage, takes profiles and runs virtual threads. */
@Tag("own-jvm")
class ManyThreadsTest {
    @ParameterizedTest
    @ValueSource(strings = {"Serial", "Z", "Shenandoah"})
    void theBitsAreTheSameUnderEveryKindOfCollector(String collector) throws Exception {
        assertSameBits("-XX:+Use" + collector + "GC");
    }

    @Test
    void theBitsAreTheSameUnderAProfiler(@TempDir Path directory) throws Exception {
        assertSameBits(
                "-XX:+UseG1GC",
                "-XX:StartFlightRecording:settings=profile,filename=" + directory.resolve("profile.jfr"));
    }

    private static void assertSameBits(String... options) throws Exception {
        String output = new ForkedJvm(ManyThreadsRun.class)
                .option("--enable-native-access=ALL-UNNAMED", "-Xmx256m")
                .option(options)
                .run();
        assertTrue(output.lines().anyMatch("0 differences"::equals), output);
    }
}
