package io.bridgetower.hub;

import io.bridgetower.hub.HubException.Kind;
import io.bridgetower.model.checkpoint.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Finds models by their names on the Hugging Face Hub, {@code BridgeTower/bridgetower-base} for example, in the cache that
 * Python's libraries share, and downloads what is missing. What the cache holds is used as it is, without asking any
 * server; {@link #pull} asks whether a revision has moved on. Several threads and processes may share a cache.
 *
 * <p>Optional files that a complete model in the cache may lack are asked for once, for two seconds altogether and without
 * retries; that a file does not exist is remembered in the cache. A server that did not answer is not asked for optional
 * files again by the same process.
 */
public final class Hub {
    /** The branch that is meant where none is named. */
    public static final String MAIN = "main";

    private final HubSettings settings;
    private final Progress progress;
    private final Pace pace;

    /** @param progress is told of every download */
    public Hub(HubSettings settings, Progress progress) {
        this(settings, progress, Pace.OF_PROCESS);
    }

    Hub(HubSettings settings, Progress progress, Pace pace) {
        this.settings = Objects.requireNonNull(settings);
        this.progress = Objects.requireNonNull(progress);
        this.pace = pace;
    }

    /**
     * Whether a text names a model of the Hub: it has the form of a name, but not that of a file of the authors' code, and no
     * file or directory is called so.
     */
    public static boolean isName(String model) {
        return RepositoryName.isName(model) && !model.endsWith(".ckpt") && !Files.exists(Path.of(model));
    }

    /** What to call the model of a directory: its name on the Hub, if the directory is of the cache, else the directory's own. */
    public static String nameOf(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        String name = CachedRepository.nameOf(path);
        if (name != null) return name;
        return path.getNameCount() == 0 ? path.toString() : path.getFileName().toString();
    }

    /**
     * The directory of a model. A local directory goes before a model of that name; a text that cannot be a name is
     * returned as a path, whether or not there is anything.
     *
     * @param model a directory, or a name of the form {@code organisation/name}
     * @param revision a branch, a tag or a commit of the Hub; ignored for a directory
     * @throws HubException if the model is not in the cache and cannot be downloaded
     * @throws IOException if the cache cannot be read or written
     */
    public Path locate(String model, String revision) throws IOException {
        return locate(model, revision, null);
    }

    /**
     * As {@link #locate(String, String)}, with the weights of a variant.
     *
     * @param variant as {@link WeightFiles} names it; null for the weights without one
     * @throws IllegalArgumentException if a file name cannot have the variant as a part
     */
    public Path locate(String model, String revision, String variant) throws IOException {
        return isName(model) ? repository(model, revision, variant).locate(true) : Path.of(model);
    }

    /** As {@link #locate}, but the weights need not be there: configuration, tokenizer and image processor do. */
    public Path locateProcessor(String model, String revision) throws IOException {
        return isName(model) ? repository(model, revision, null).locate(false) : Path.of(model);
    }

    /**
     * Downloads what a revision means now, but for what the cache holds already.
     *
     * @return the directory of the model
     * @throws HubException if it cannot be downloaded
     * @throws IOException if the cache cannot be read or written
     */
    public Path pull(String model, String revision) throws IOException {
        return pull(model, revision, null);
    }

    /** As {@link #pull(String, String)}, with the weights of a variant; as {@link #locate(String, String, String)}. */
    public Path pull(String model, String revision, String variant) throws IOException {
        if (!RepositoryName.isName(model)) {
            throw new HubException(
                    Kind.NOT_FOUND,
                    model + ": expected a name of the form organisation/name, as on " + settings.endpoint());
        }
        return repository(model, revision, variant).pull();
    }

    private HubModel repository(String model, String revision, String variant) throws HubException {
        if (!RepositoryName.isRevision(revision)) {
            throw new HubException(Kind.NOT_FOUND, model + ": " + revision + " cannot be a revision");
        }
        return new HubModel(settings, progress, pace, new RepositoryName(model), revision, variant);
    }
}
