package io.bridgetower.spark.executor;

import io.bridgetower.BridgeTower;
import io.bridgetower.Head;
import io.bridgetower.files.Sha256;
import io.bridgetower.jobs.JobOptions;
import io.bridgetower.jobs.ScoringJob;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A model with all heads of its checkpoint.
 *
 * @param path where it was loaded from
 * @param identity what tells its results from those of others: weights, settings, tokenizer and image processor
 */
public record LoadedModel(BridgeTower bridgeTower, Path path, String identity) implements AutoCloseable {
    static LoadedModel load(Path path, ModelOptions options) throws IOException {
        BridgeTower bridgeTower = BridgeTower.builder(path.toAbsolutePath())
                .modelOptions(options)
                .cacheBytes(0)
                .load();
        try {
            return new LoadedModel(bridgeTower, path, identity(bridgeTower));
        } catch (RuntimeException e) {
            bridgeTower.close();
            throw e;
        }
    }

    /**
     * A job with this model.
     *
     * @throws UnsupportedOperationException if the checkpoint has no head for the task
     * @throws IllegalArgumentException if the memory of the options is not enough
     */
    public ScoringJob job(JobOptions options) {
        return switch (options.task()) {
            case MATCH -> ScoringJob.of(bridgeTower.matching(), bridgeTower.processor(), options);
            case FILL -> ScoringJob.of(bridgeTower.maskedLM(), bridgeTower.processor(), options);
            case CONTRASTIVE, EMBED_IMAGE, EMBED_TEXT, EMBED_PAIR ->
                ScoringJob.of(bridgeTower.contrastive(), bridgeTower.processor(), options);
        };
    }

    @Override
    public void close() {
        bridgeTower.close();
    }

    private static String identity(BridgeTower bridgeTower) {
        Set<Head> heads = bridgeTower.heads();
        String all = bridgeTower.model().fingerprint()
                + "\n" + (heads.contains(Head.MATCHING) ? bridgeTower.matching().fingerprint() : "")
                + "\n"
                + (heads.contains(Head.MASKED_LM) ? bridgeTower.maskedLM().fingerprint() : "")
                + "\n"
                + (heads.contains(Head.CONTRASTIVE) ? bridgeTower.contrastive().fingerprint() : "")
                + "\n" + bridgeTower.processor().tokenizer().identity()
                + "\n" + bridgeTower.pixelReader().identity();
        return Sha256.hex(all);
    }
}
