package io.bridgetower.hub;

import io.bridgetower.model.checkpoint.WeightFiles;
import io.bridgetower.model.checkpoint.tensor.ShardIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the cache holds of one commit of a model, and what it knows of the rest.
 *
 * @param variant of the weights; null for those without one
 */
record CachedModel(CachedRepository repository, String commit, String variant) {
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";

    /** What stands in for {@link #TOKENIZER}. */
    static final List<String> VOCABULARY = List.of("vocab.json", "merges.txt");

    /** What a model may have and need not. */
    static final List<String> EXTRAS = List.of(
            "preprocessor_config.json",
            "processor_config.json",
            TOKENIZER,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json");

    /** Each of them describes the image processor. */
    private static final List<String> IMAGE_PROCESSOR = List.of("preprocessor_config.json", "processor_config.json");

    Path directory() {
        return repository.snapshot(commit);
    }

    boolean has(String file) {
        return repository.has(commit, file);
    }

    boolean isKnownAbsent(String file) {
        return repository.isKnownAbsent(commit, file);
    }

    /** Whether the files without which nothing loads are there. */
    boolean isUsable(boolean weights) throws IOException {
        return has(CONFIG) && (!weights || hasWeights());
    }

    /** Whether a tokenizer and a description of the image processor are there too, unless the model has none. */
    boolean isComplete(boolean weights) throws IOException {
        boolean imageProcessor = IMAGE_PROCESSOR.stream().anyMatch(this::has) || areSettled(IMAGE_PROCESSOR);
        boolean tokenizer = VOCABULARY.stream().allMatch(this::has) || isTokenizerSettled();
        return isUsable(weights) && imageProcessor && tokenizer;
    }

    /** Whether it is known of every optional file that it is there or does not exist. */
    boolean isSettled() {
        return areSettled(EXTRAS) && isTokenizerSettled();
    }

    boolean hasWeights() throws IOException {
        for (WeightFiles.Form form : WeightFiles.Form.values()) {
            if (!has(form.fileName(variant))) continue;
            if (!form.isIndex()) return true;
            boolean whole = true;
            for (String shard : shards(form)) whole &= has(shard);
            if (whole) return true;
        }
        return false;
    }

    Iterable<String> shards(WeightFiles.Form index) throws IOException {
        return ShardIndex.read(directory().resolve(index.fileName(variant))).files();
    }

    private boolean isTokenizerSettled() {
        return has(TOKENIZER) || isKnownAbsent(TOKENIZER) && areSettled(VOCABULARY);
    }

    private boolean areSettled(List<String> files) {
        return files.stream().allMatch(file -> has(file) || isKnownAbsent(file));
    }
}
