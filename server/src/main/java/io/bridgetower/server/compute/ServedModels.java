package io.bridgetower.server.compute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The models of the server. Safe for use by several threads. */
public final class ServedModels {
    /** Loads a model. */
    @FunctionalInterface
    public interface Loader {
        /** Loads it and warms it up. */
        ServedModel load() throws IOException;
    }

    private final List<Loader> loaders;
    private final Scheduler scheduler;
    private volatile List<ServedModel> models = List.of();

    /** @param loaders one for each model, the default first */
    public ServedModels(List<Loader> loaders, Scheduler scheduler) {
        this.loaders = List.copyOf(loaders);
        this.scheduler = scheduler;
    }

    /**
     * Loads all models, in place of those that are loaded. They take requests from then on; those before are closed when
     * their last request is answered.
     *
     * @throws IOException if one cannot be loaded; the models before stay
     */
    public synchronized void load() throws IOException {
        List<ServedModel> loaded = new ArrayList<>();
        try {
            for (Loader loader : loaders) loaded.add(loader.load());
        } catch (IOException | RuntimeException | Error e) {
            loaded.forEach(ServedModel::close);
            throw e;
        }
        List<ServedModel> before = models;
        models = List.copyOf(loaded);
        before.forEach(scheduler::retire);
    }

    /** All models, the default first; empty until they are loaded. */
    public List<ServedModel> all() {
        return models;
    }

    /**
     * The model of a name, or of the last part of one such as {@code BridgeTower/bridgetower-base}. Where there is one model,
     * it has any name, so that clients made for another server need no change.
     *
     * @param name null for the default
     */
    public Optional<ServedModel> find(String name) {
        List<ServedModel> current = models;
        if (name == null || current.size() == 1) return current.stream().findFirst();
        return named(current, name);
    }

    /** The model of a name, even where there is one model. */
    public Optional<ServedModel> findNamed(String name) {
        return named(models, name);
    }

    private static Optional<ServedModel> named(List<ServedModel> models, String name) {
        return models.stream()
                .filter(model -> model.name().equals(name) || model.name().endsWith("/" + name))
                .findFirst();
    }
}
