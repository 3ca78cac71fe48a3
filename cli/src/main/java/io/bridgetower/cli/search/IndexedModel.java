package io.bridgetower.cli.search;

import io.bridgetower.cli.options.HubRevision;
import io.bridgetower.cli.options.WeightsVariant;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.hub.Hub;
import io.bridgetower.search.index.IndexModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model of a command that searches an index. */
final class IndexedModel {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Directory in Hugging Face's layout, or a name on the Hub. If not given, where the index says"
                    + " that its model was found.")
    private String model;

    @Mixin
    private HubRevision revision;

    @Mixin
    private WeightsVariant variant;

    /** The directory of the model, which may have to be downloaded. */
    Path path(IndexModel indexed, Streams streams) throws IOException, Failure {
        if (model != null) return revision.locate(model, variant, streams);
        String name = indexed.name();
        if (Hub.isName(name) || Files.isDirectory(Path.of(name))) return revision.locate(name, variant, streams);
        throw new Failure(
                name + ": there is no such directory, in which the model of the index was; --model says where it is");
    }

    /** The variant of its weights, or null. */
    String variant() {
        return variant.name();
    }

    String name(IndexModel indexed) {
        return model != null ? model : indexed.name();
    }
}
