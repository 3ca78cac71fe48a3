package io.bridgetower.hub;

import io.bridgetower.hub.HubException.Kind;
import io.bridgetower.model.checkpoint.WeightFiles;
import java.io.IOException;
import java.nio.file.Path;

/** A revision of a model: what of it the cache holds, and how to get the rest. */
final class HubModel {
    private final HubSettings settings;
    private final Progress progress;
    private final Pace pace;
    private final RepositoryName name;
    private final String revision;

    /** Null for none. */
    private final String variant;

    private final CachedRepository cached;

    HubModel(HubSettings settings, Progress progress, Pace pace, RepositoryName name, String revision, String variant) {
        this.settings = settings;
        this.progress = progress;
        this.pace = pace;
        this.name = name;
        this.revision = revision;
        this.variant = variant;
        this.cached = new CachedRepository(settings.cache(), name);
    }

    Path locate(boolean weights) throws IOException {
        String commit = cached.commit(revision);
        CachedModel model = commit == null ? null : new CachedModel(cached, commit, variant);
        boolean usable = model != null && model.isUsable(weights);
        boolean complete = usable && model.isComplete(weights);
        boolean silent = pace.isSilent(settings.endpoint());
        if (usable && (settings.offline() || model.isSettled()) || complete && silent) return model.directory();
        if (settings.offline()) {
            throw new HubException(
                    Kind.OFFLINE, missing() + ", and HF_HUB_OFFLINE forbids to download it; " + advice());
        }
        try {
            return complete || usable && silent
                    ? download(commit, weights, pace.brief(), Retries.none())
                    : download(commit, weights, Patience.of(settings), pace.retries());
        } catch (IOException e) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (e instanceof HubException refusal && !interrupted) pace.remember(settings.endpoint(), refusal.kind());
            // Neither a server that refuses nor a cache that may only be read is a reason to refuse what is there.
            if (usable) return model.directory();
            throw e instanceof HubException refusal ? explained(missing() + "; ", refusal) : e;
        }
    }

    Path pull() throws IOException {
        if (settings.offline()) {
            throw new HubException(Kind.OFFLINE, name.name() + ": HF_HUB_OFFLINE forbids to download it; " + advice());
        }
        try {
            Path directory = download(null, true, Patience.of(settings), pace.retries());
            pace.forget(settings.endpoint());
            return directory;
        } catch (HubException e) {
            throw e.kind() == Kind.UNREACHABLE ? explained(name.name() + ": ", e) : e;
        }
    }

    /** @param known the commit to complete, or null to ask for that of the revision */
    private Path download(String known, boolean weights, Patience patience, Retries retries) throws IOException {
        try (HubConnection connection = new HubConnection(settings, patience)) {
            Fetch fetch = new Fetch(connection, retries, known);
            if (weights) fetch.weights();
            fetch.extras();
            return fetch.model.directory();
        }
    }

    /** Gets the files of one commit, one after the other, over a connection. */
    private final class Fetch {
        private final HubConnection connection;
        private final Retries retries;
        private final RemoteRepository remote;
        private final CachedModel model;

        /** Gets the configuration and remembers what commit it belongs to. */
        Fetch(HubConnection connection, Retries retries, String known) throws IOException {
            this.connection = connection;
            this.retries = retries;
            this.remote = new RemoteRepository(settings, name, connection, retries);
            this.model = new CachedModel(cached, begin(known), variant);
        }

        private String begin(String known) throws IOException {
            if (known != null && cached.has(known, CachedModel.CONFIG)) return known;
            RemoteFile config = remote.find(known == null ? revision : known, CachedModel.CONFIG);
            if (config == null) {
                String where = " on " + settings.endpoint() + " at " + revision;
                throw new HubException(Kind.NOT_FOUND, name.name() + ": there is no " + CachedModel.CONFIG + where);
            }
            get(config, config.commit());
            cached.remember(revision, config.commit());
            return config.commit();
        }

        void weights() throws IOException {
            if (model.hasWeights()) return;
            for (WeightFiles.Form form : WeightFiles.Form.values()) {
                if (!extra(form.fileName(variant))) continue;
                if (form.isIndex()) for (String shard : model.shards(form)) required(shard);
                return;
            }
            String which = variant == null ? "" : "of the variant " + variant + " ";
            throw new HubException(
                    Kind.NOT_FOUND, name.name() + ": has no weights " + which + "in any form that can be read");
        }

        void extras() throws IOException {
            for (String file : CachedModel.EXTRAS) extra(file);
            if (!model.has(CachedModel.TOKENIZER)) for (String file : CachedModel.VOCABULARY) extra(file);
        }

        /** Gets a file unless it is there or known not to exist; whether it is there now. */
        private boolean extra(String file) throws IOException {
            if (model.has(file)) return true;
            if (model.isKnownAbsent(file)) return false;
            RemoteFile found = remote.find(model.commit(), file);
            if (found == null) cached.rememberAbsent(model.commit(), file);
            else get(found, model.commit());
            return found != null;
        }

        private void required(String file) throws IOException {
            if (model.has(file)) return;
            RemoteFile found = remote.find(model.commit(), file);
            if (found == null) throw new HubException(Kind.NOT_FOUND, name.name() + ": there is no " + file);
            get(found, model.commit());
        }

        private void get(RemoteFile file, String commit) throws IOException {
            new Download(connection, retries, progress, file, cached.blob(file.etag())).run(cached.lock(file.etag()));
            cached.link(commit, file.name(), file.etag());
        }
    }

    private String missing() {
        return name.name() + ": there is no such directory here, and revision " + revision + " is not complete in "
                + cached.path();
    }

    private HubException explained(String what, HubException e) {
        String advice = e.kind() == Kind.UNREACHABLE ? "; " + advice() : "";
        return new HubException(e.kind(), what + e.getMessage() + advice, e);
    }

    private String advice() {
        return "where there is a network, run: bridgetower pull " + name.name()
                + (revision.equals(Hub.MAIN) ? "" : " --revision " + revision)
                + (variant == null ? "" : " --variant " + variant) + ", and copy its directory "
                + cached.path().getFileName() + " to " + settings.cache();
    }
}
