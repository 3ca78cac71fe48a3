package io.bridgetower.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
