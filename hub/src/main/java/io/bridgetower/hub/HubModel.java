package io.bridgetower.hub;

import io.bridgetower.hub.HubException.Kind;
import io.bridgetower.model.checkpoint.ShardIndex;
import io.bridgetower.model.checkpoint.WeightFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A revision of a model: what of it the cache holds, and how to get the rest. */
final class HubModel {
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";

    /** What a model may have and need not. */
    private static final List<String> EXTRAS = List.of(
            "preprocessor_config.json",
            TOKENIZER,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json");

    /** What stands in for {@link #TOKENIZER}. */
    private static final List<String> VOCABULARY = List.of("vocab.json", "merges.txt");

    private final HubSettings settings;
    private final Progress progress;
    private final Retries retries;
    private final Duration patience;
    private final RepositoryName name;
    private final String revision;
    private final CachedRepository cached;

    HubModel(
            HubSettings settings,
            Progress progress,
            Retries retries,
            Duration patience,
            RepositoryName name,
            String revision) {
        this.settings = settings;
        this.progress = progress;
        this.retries = retries;
        this.patience = patience;
        this.name = name;
        this.revision = revision;
        this.cached = new CachedRepository(settings.cache(), name);
    }

    Path locate(boolean weights) throws IOException {
        String commit = cached.commit(revision);
        boolean usable = commit != null && cached.has(commit, CONFIG) && (!weights || hasWeights(commit));
        if (usable && (settings.offline() || hasExtras(commit))) return cached.snapshot(commit);
        if (settings.offline()) {
            throw new HubException(
                    Kind.OFFLINE, missing() + ", and HF_HUB_OFFLINE forbids to download it; " + advice());
        }
        try {
            return download(commit, weights);
        } catch (IOException e) {
            // Neither a server that refuses nor a cache that may only be read is a reason to refuse what is there.
            if (usable) return cached.snapshot(commit);
            throw e instanceof HubException refusal ? explained(missing() + "; ", refusal) : e;
        }
    }

    Path pull() throws IOException {
        if (settings.offline()) {
            throw new HubException(Kind.OFFLINE, name.name() + ": HF_HUB_OFFLINE forbids to download it; " + advice());
        }
        try {
            return download(null, true);
        } catch (HubException e) {
            throw e.kind() == Kind.UNREACHABLE ? explained(name.name() + ": ", e) : e;
        }
    }

    /** @param known the commit to complete, or null to ask for that of the revision */
    private Path download(String known, boolean weights) throws IOException {
        try (HubConnection connection = new HubConnection(settings, patience)) {
            Fetch fetch = new Fetch(connection);
            String commit = fetch.begin(known);
            if (weights) fetch.weights(commit);
            for (String extra : EXTRAS) fetch.extra(commit, extra);
            if (!cached.has(commit, TOKENIZER)) for (String file : VOCABULARY) fetch.extra(commit, file);
            return cached.snapshot(commit);
        }
    }

    /** Gets one file after the other over a connection. */
    private final class Fetch {
        private final HubConnection connection;
        private final RemoteRepository remote;

        Fetch(HubConnection connection) {
            this.connection = connection;
            this.remote = new RemoteRepository(settings, name, connection, retries);
        }

        /** Gets the configuration and remembers what commit it belongs to. */
        String begin(String known) throws IOException {
            if (known != null && cached.has(known, CONFIG)) return known;
            RemoteFile config = remote.find(known == null ? revision : known, CONFIG);
            if (config == null) {
                String where = " on " + settings.endpoint() + " at " + revision;
                throw new HubException(Kind.NOT_FOUND, name.name() + ": there is no " + CONFIG + where);
            }
            get(config, config.commit());
            cached.remember(revision, config.commit());
            return config.commit();
        }

        void weights(String commit) throws IOException {
            if (hasWeights(commit)) return;
            for (WeightFiles.Form form : WeightFiles.Form.values()) {
                if (!extra(commit, form.fileName())) continue;
                if (form.isIndex()) for (String shard : shards(commit, form)) required(commit, shard);
                return;
            }
            throw new HubException(Kind.NOT_FOUND, name.name() + ": has no weights in any form that can be read");
        }

        /** Gets a file unless it is there or known not to exist; whether it is there now. */
        boolean extra(String commit, String file) throws IOException {
            if (cached.has(commit, file)) return true;
            if (cached.isKnownAbsent(commit, file)) return false;
            RemoteFile found = remote.find(commit, file);
            if (found == null) cached.rememberAbsent(commit, file);
            else get(found, commit);
            return found != null;
        }

        private void required(String commit, String file) throws IOException {
            if (cached.has(commit, file)) return;
            RemoteFile found = remote.find(commit, file);
            if (found == null) throw new HubException(Kind.NOT_FOUND, name.name() + ": there is no " + file);
            get(found, commit);
        }

        private void get(RemoteFile file, String commit) throws IOException {
            new Download(connection, retries, progress, file, cached.blob(file.etag())).run(cached.lock(file.etag()));
            cached.link(commit, file.name(), file.etag());
        }
    }

    private boolean hasWeights(String commit) throws IOException {
        for (WeightFiles.Form form : WeightFiles.Form.values()) {
            if (!cached.has(commit, form.fileName())) continue;
            if (!form.isIndex()) return true;
            boolean whole = true;
            for (String shard : shards(commit, form)) whole &= cached.has(commit, shard);
            if (whole) return true;
        }
        return false;
    }

    private Iterable<String> shards(String commit, WeightFiles.Form index) throws IOException {
        return ShardIndex.read(cached.snapshot(commit).resolve(index.fileName()))
                .files();
    }

    private boolean hasExtras(String commit) {
        boolean all = EXTRAS.stream().allMatch(file -> isSettled(commit, file));
        return all && (cached.has(commit, TOKENIZER) || VOCABULARY.stream().allMatch(file -> isSettled(commit, file)));
    }

    private boolean isSettled(String commit, String file) {
        return cached.has(commit, file) || cached.isKnownAbsent(commit, file);
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
                + (revision.equals(Hub.MAIN) ? "" : " --revision " + revision) + ", and copy its directory "
                + cached.path().getFileName() + " to " + settings.cache();
    }
}
