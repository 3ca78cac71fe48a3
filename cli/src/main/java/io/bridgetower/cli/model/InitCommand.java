package io.bridgetower.cli.model;

import io.bridgetower.cli.options.ForceOption;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.OutputDirectory;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.model.init.RandomWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bridgetower init}. */
@Command(
        name = "init",
        description = "Write an untrained model: config.json and random weights, every head included.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower init --config base --output DIR",
            "  bridgetower init --config my-config.json --seed 42 --output DIR"
        })
public final class InitCommand implements Callable<Void> {
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
            description =
                    "Directory to write to, created if need be; with --force, files of other names that it holds stay.")
    private Path output;

    @Mixin
    private ForceOption force;

    @Override
    public Void call() throws IOException, Failure {
        BridgeTowerConfig model = config();
        Path source = Path.of(config);
        OutputFile.checkIsNone(output, List.of(source));
        OutputFile.checkIsNone(output.resolve("config.json"), List.of(source));
        force.checkDirectory(output);
        try (OutputDirectory directory = new OutputDirectory(output)) {
            RandomWeights.write(model, seed, directory.path());
            directory.commit();
        }
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
