package io.bridgetower.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.testing.ForkedJvm;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class VectorWidthTest {
    @Test
    void theVectorWidthIsTheOneThatIsForced() {
        assertEquals(VectorWidth.bits(), Integer.getInteger(VectorWidth.PROPERTY, VectorWidth.bits()));
    }

    @Test
    @Tag("own-jvm")
    void anotherValueIsNamedByEveryUse() throws Exception {
        String output = new ForkedJvm(VectorWidthRun.class)
                .option("-D" + VectorWidth.PROPERTY + "=77")
                .run();
        String message = "java.lang.IllegalArgumentException: system property bridgetower.vectorBits: "
                + "expected 128, 256 or 512, found 77";
        assertEquals(
                Collections.nCopies(4, message),
                output.lines().filter(line -> !line.startsWith("WARNING")).toList());
    }
}
