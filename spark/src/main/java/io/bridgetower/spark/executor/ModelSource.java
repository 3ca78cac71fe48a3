package io.bridgetower.spark.executor;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.WeightPrecision;
import io.bridgetower.hub.Hub;
import io.bridgetower.hub.HubSettings;
import io.bridgetower.hub.Progress;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.spark.SparkFiles;

/**
 * Where a process finds a model, and how it loads it.
 *
 * @param model a path that every node has, the name of a file or an unpacked archive that Spark distributes, or a name on
 *     the Hub
 * @param revision of a model on the Hub
 * @param threads that compute in an executor; 0 for as many as its cores
 * @param weights how they are held in memory
 * @param precision of products
 */
public record ModelSource(
        String model, String revision, int threads, WeightPrecision weights, ProductPrecision precision)
        implements Serializable {
    /** Options of the model in this process. */
    ModelOptions options() {
        int number = threads > 0 ? threads : ExecutorCores.OF_PROCESS;
        return new ModelOptions(number, weights).withPrecision(precision);
    }

    /**
     * The directory or file of the model in this process.
     *
     * @throws NoSuchFileException if there is none by this name
     * @throws IOException if it cannot be downloaded
     */
    Path locate() throws IOException {
        Path path = Path.of(model);
        if (Files.exists(path)) return path;
        Path distributed = path.isAbsolute() ? path : Path.of(SparkFiles.get(model));
        if (Files.exists(distributed)) return distributed;
        if (Hub.isName(model)) return new Hub(HubSettings.ofEnvironment(), Progress.NONE).locate(model, revision);
        throw new NoSuchFileException(
                model,
                null,
                "no such model on " + InetAddress.getLocalHost().getHostName()
                        + ": expected a path that every node has, a file of --files or --archives, or a name on the"
                        + " Hub");
    }
}
