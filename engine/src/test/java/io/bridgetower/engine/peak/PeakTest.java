package io.bridgetower.engine.peak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bridgetower.engine.vector.Lanes;
import org.junit.jupiter.api.Test;

class PeakTest {
    private static final int STEPS = 50;

    @Test
    void machineCodeAddsWhatItShould() {
        assumeTrue(GeneratedMultiplyAdds.OBSTACLE == null, GeneratedMultiplyAdds.OBSTACLE);
        float expected = MultiplyAdds.ADDEND;
        for (int i = 0; i < STEPS * MultiplyAdds.IN_A_ROW; i++) {
            expected = Math.fma(MultiplyAdds.FACTOR, expected, MultiplyAdds.ADDEND);
        }
        float[] results = GeneratedMultiplyAdds.run(STEPS);
        assertEquals(MultiplyAdds.CHAINS * Lanes.COUNT, results.length);
        for (float result : results) assertEquals(expected, result);
    }

    @Test
    void bothWaysComputeTheSame() {
        assumeTrue(GeneratedMultiplyAdds.OBSTACLE == null, GeneratedMultiplyAdds.OBSTACLE);
        float sum = 0;
        float[] results = GeneratedMultiplyAdds.run(STEPS);
        for (int chain = 0; chain < MultiplyAdds.CHAINS; chain++) sum += results[chain * Lanes.COUNT];
        assertEquals(sum, MultiplyAdds.run(STEPS));
    }

    @Test
    void theMethodIsNamedWithItsReason() {
        boolean runs = GeneratedMultiplyAdds.OBSTACLE == null;
        assertEquals(runs ? "machine code" : "the Vector API, as " + GeneratedMultiplyAdds.OBSTACLE, Peak.method());
        assertFalse(Peak.measure(1) < Peak.operations(), "less than one run a second");
        assertTrue(Lanes.COUNT > 4 || !runs, "there is no machine code with vectors of 128 bits");
    }
}
