package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that are started without {@code --add-modules jdk.incubator.vector}. */
class MissingModuleTest {
    private static final String ROOT = "bridgetower.root";
    private static final String PROBLEM = "java.lang.IllegalStateException: the module jdk.incubator.vector is missing:"
            + " start Java with --add-modules jdk.incubator.vector";

    @ParameterizedTest
    @EnumSource
    void onTheClassPathWhateverIsUsedFirstNamesTheOption(MissingModuleRun.First first) throws IOException {
        assertOutcomes(PROBLEM, run().run(first));
    }

    @Test
    void onTheModulePathTheModuleIsFound() throws IOException {
        ForkedJvm jvm = run().onModulePath("io.bridgetower");
        assertOutcomes("works", jvm.run(MissingModuleRun.First.TENSOR));
    }

    private static ForkedJvm run() {
        return new ForkedJvm(MissingModuleRun.class)
                .withoutVectorModule()
                .option("-D" + ROOT + "=" + System.getProperty(ROOT));
    }

    /** All uses have the same outcome; the virtual machine may print warnings between. */
    private static void assertOutcomes(String expected, String output) {
        List<String> lines =
                output.lines().filter(line -> !line.startsWith("WARNING")).toList();
        assertEquals(MissingModuleRun.First.values().length, lines.size(), output);
        for (String line : lines) assertEquals(expected, line.substring(line.indexOf(": ") + 2), line);
    }
}
