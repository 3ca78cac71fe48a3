package io.bridgetower.engine.warmup;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Activation;
import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.engine.matmul.PanelFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KernelWarmUpTest {
    private static final PanelFormat FORMAT = PanelFormat.of(WeightPrecision.BF16, ProductPrecision.F32);

    @Test
    @Timeout(60)
    void isDoneOnceAndEndsWhenItIsClosed() throws Exception {
        try (KernelWarmUp warmUp = KernelWarmUp.start(FORMAT, Activation.GELU)) {
            assertTrue(warmUp.running());
        }
        KernelWarmUp whole = KernelWarmUp.start(FORMAT, Activation.GELU);
        while (whole.running()) TimeUnit.MILLISECONDS.sleep(10);
        whole.close();
        try (KernelWarmUp again = KernelWarmUp.start(FORMAT, Activation.GELU)) {
            assertFalse(again.running());
        }
    }

    @Test
    @Timeout(60)
    void keepsAnInterruptForTheCaller() {
        Thread.currentThread().interrupt();
        KernelWarmUp warmUp = KernelWarmUp.start(PanelFormat.F32, Activation.QUICK_GELU);
        warmUp.close();
        assertTrue(Thread.interrupted());
        assertFalse(warmUp.running());
    }
}
