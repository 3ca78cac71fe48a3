package io.bridgetower.spark.executor;

import io.bridgetower.files.Sha256;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models of a process. Tasks that ask for the same one share it, with its threads: the first loads it, those that come
 * meanwhile wait. A model that nobody has used for some time is closed. A model whose files have changed is another one.
 */
public final class SharedModels {
    /** From one stage of a query to the next, a model stays. */
    private static final long IDLE_SECONDS = 60;

    /** The models of this process. */
    public static final SharedModels OF_PROCESS = new SharedModels(closer());

    /** Runs something later. */
    @FunctionalInterface
    interface Later {
        /** Returns at once. */
        void run(Runnable action);
    }

    private record Key(Path path, String files, ModelOptions options) {}

    private static final class Entry {
        private final CompletableFuture<LoadedModel> model = new CompletableFuture<>();
        private int leases;

        /** Counts the leases that there ever were. */
        private long uses;
    }

    private final Map<Key, Entry> entries = new HashMap<>();
    private final Later closing;

    /** @param closing when to close what is idle */
    SharedModels(Later closing) {
        this.closing = closing;
    }

    /** A model that stays open until this is closed, once. */
    public final class Lease implements AutoCloseable {
        private final Key key;
        private final Entry entry;
        private final LoadedModel model;
        private final boolean loaded;
        private boolean closed;

        private Lease(Key key, Entry entry, LoadedModel model, boolean loaded) {
            this.key = key;
            this.entry = entry;
            this.model = model;
            this.loaded = loaded;
        }

        /** The model; not the user's to close. */
        public LoadedModel model() {
            return model;
        }

        /** Whether it was loaded for this lease. */
        public boolean hasLoaded() {
            return loaded;
        }

        @Override
        public void close() {
            synchronized (SharedModels.this) {
                if (closed) return;
                closed = true;
            }
            release(key, entry);
        }
    }

    /**
     * The model that a source names here.
     *
     * @throws IOException if it is not there, cannot be read or is not what it should be; if the thread is interrupted
     */
    public Lease acquire(ModelSource source) throws IOException {
        ModelOptions options = source.options();
        Path path = source.locate().toRealPath();
        Key key = new Key(path, files(path), options);
        boolean loads;
        Entry entry;
        synchronized (this) {
            loads = !entries.containsKey(key);
            entry = entries.computeIfAbsent(key, _ -> new Entry());
            entry.leases++;
            entry.uses++;
        }
        // On its own thread: if this task is killed, others still want the model.
        if (loads) Thread.ofPlatform().daemon().name("bridgetower-loader").start(() -> load(key, entry, options));
        try {
            return new Lease(key, entry, entry.model.get(), loads);
        } catch (ExecutionException e) {
            release(key, entry);
            throw failure(path, e.getCause());
        } catch (InterruptedException e) {
            release(key, entry);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(path + ": interrupted while the model was loaded");
        }
    }

    private void load(Key key, Entry entry, ModelOptions options) {
        try {
            entry.model.complete(LoadedModel.load(key.path(), options));
        } catch (Throwable e) {
            synchronized (this) {
                entries.remove(key, entry);
            }
            entry.model.completeExceptionally(e);
        }
    }

    private void release(Key key, Entry entry) {
        long uses;
        synchronized (this) {
            if (--entry.leases > 0) return;
            uses = entry.uses;
        }
        closing.run(() -> closeIfIdle(key, entry, uses));
    }

    /** Closes a model that nobody has asked for since it had so many uses. */
    private void closeIfIdle(Key key, Entry entry, long uses) {
        synchronized (this) {
            if (entry.leases > 0 || entry.uses > uses || !entries.remove(key, entry)) return;
        }
        entry.model.thenAccept(LoadedModel::close);
    }

    private static IOException failure(Path path, Throwable cause) {
        if (cause instanceof IOException e) return e;
        if (cause instanceof RuntimeException e) throw e;
        return new IOException(path + ": " + cause, cause);
    }

    /** Names, sizes and times of a model's files. */
    private static String files(Path model) throws IOException {
        try (Stream<Path> files = Files.list(ModelProcessors.directory(model))) {
            return Sha256.hex(files.filter(Files::isRegularFile)
                    .sorted()
                    .map(SharedModels::stamp)
                    .collect(Collectors.joining("\n")));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String stamp(Path file) {
        try {
            return file.getFileName() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Later closer() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("bridgetower-closer").factory());
        return action -> timer.schedule(action, IDLE_SECONDS, TimeUnit.SECONDS);
    }
}
