package io.bridgetower.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.model.ModelOptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class EngineOptionsTest {
    @Test
    void theVariableHoldsForThreadsThatAreNotGiven() {
        assertEquals(3, options("3").threads());
        assertEquals(2, options("3", "--threads", "2").threads());
        assertEquals(2, options("three", "--threads", "2").threads());
        int standard = ModelOptions.defaults().threads();
        assertEquals(standard, options(null).threads());
        assertEquals(standard, options("").threads());
        ParameterException e = assertThrows(ParameterException.class, () -> options("three"));
        assertTrue(e.getMessage().startsWith("BRIDGETOWER_THREADS: expected 1 to 1024, found three"));
    }

    @Test
    void precisionIsNamedOrTheFastestOfAnAllowedError() {
        assertEquals(ProductPrecision.F32, options(null).precision());
        assertEquals(
                ProductPrecision.BF16X3, options(null, "--precision", "bf16x3").precision());
        assertEquals(
                ModelOptions.fastest(1e-4), options(null, "--precision", "auto").precision());
        ModelOptions coarse = options(null, "--precision", "auto", "--max-error", "0.1");
        assertEquals(ModelOptions.fastest(0.1), coarse.precision());
        assertEquals(
                ProductPrecision.F32,
                options(null, "--precision", "auto", "--max-error", "1e-9").precision());
        refuses("--precision: expected f32, bf16, bf16x3, bf16x6 or auto, found f16", "--precision", "f16");
        refuses("--max-error: expected a number above 0, found -1.0", "--precision", "auto", "--max-error", "-1");
        refuses("--max-error goes with --precision auto", "--precision", "bf16", "--max-error", "0.1");
    }

    private static void refuses(String message, String... args) {
        Exception e = assertThrows(ParameterException.class, () -> options(null, args));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    private static ModelOptions options(String variable, String... args) {
        Holder holder = new Holder(new EngineOptions(variable));
        new CommandLine(holder).parseArgs(args);
        return holder.options.modelOptions();
    }

    @CommandLine.Command
    private static final class Holder {
        @CommandLine.Mixin
        private final EngineOptions options;

        Holder(EngineOptions options) {
            this.options = options;
        }
    }
}
