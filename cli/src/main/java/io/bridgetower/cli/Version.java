package io.bridgetower.cli;

import io.bridgetower.engine.VectorWidth;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.IVersionProvider;

/** The versions of the program and of what it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        String precisions = Arrays.stream(WeightPrecision.values())
                .map(WeightPrecision::name)
                .collect(Collectors.joining(", "));
        return new String[] {
            "bridgetower " + program(),
            "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name") + " ("
                    + System.getProperty("java.vendor") + ")",
            "vectors of " + VectorWidth.bits() + " bits",
            "weights in " + precisions,
            "products of bf16 by " + ModelOptions.bf16Unit()
        };
    }

    private static String program() throws IOException {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
