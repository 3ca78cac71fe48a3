package io.bridgetower.engine.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bridgetower.engine.matmul.TileShape;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class LanesTest {
    /** Also where a property says so, with which the kernels of Arm are tested elsewhere. */
    @Test
    void armHasTheRegistersForLargeTiles() {
        assumeTrue(System.getProperty("os.arch").equals("aarch64"), "no Arm");
        assertEquals(32, Lanes.REGISTERS);
        assertEquals(4, TileShape.VECTORS);
    }

    @Test
    void avx2HasNot() {
        boolean avx2 = System.getProperty("os.arch").equals("amd64") && FloatVector.SPECIES_PREFERRED.length() == 8;
        assumeTrue(avx2, "no AVX2, or more than that");
        assertEquals(16, Lanes.REGISTERS);
        assertEquals(2, TileShape.VECTORS);
    }
}
