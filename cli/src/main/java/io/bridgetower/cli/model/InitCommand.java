package io.bridgetower.cli.model;

import io.bridgetower.cli.options.CommonOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.init.RandomWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower init}. */
@Command(
        name = "init",
        customSynopsis = "bridgetower init --config base|large|FILE --output DIR [--seed N]",
        description = "Write an untrained model: config.json and random weights, every head included.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower init --config base --output DIR",
            "  bridgetower init --config my-config.json --seed 42 --output DIR"
        })
public final class InitCommand implements Callable<Void> {
    private static final List<String> WRITTEN = List.of("config.json", "model.safetensors");

    @Option(
            names = "--config",
            paramLabel = "CONFIG",
            required = true,
            description = "base, large, or a config.json or a directory that holds one.")
    private String config;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The same seed gives the same weights; 0 if not given.")
    private long seed;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            required = true,
            description = "Directory to write to, created if need be; a model that it holds stays as it is.")
    private Path output;

    @Mixin
    private CommonOptions common;

    @Override
    public Void call() throws IOException, Failure {
        BridgeTowerConfig model = config();
        for (String name : WRITTEN) {
            Path file = output.resolve(name);
            if (Files.exists(file)) throw new Failure(file + ": there is a model already, which stays as it is");
        }
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw new Failure(output + ": expected a directory, found a file");
        }
        RandomWeights.write(model, seed, output);
        return null;
    }

    private BridgeTowerConfig config() throws IOException {
        return switch (config) {
            case "base" -> BridgeTowerConfig.base();
            case "large" -> BridgeTowerConfig.large();
            default -> BridgeTowerConfig.load(Path.of(config));
        };
    }
}
