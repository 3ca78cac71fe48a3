package io.bridgetower.jobs;

import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.jobs.rows.ImageSource;
import io.bridgetower.jobs.rows.JobSummary;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.PairResults;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.jobs.scoring.Contrasting;
import io.bridgetower.jobs.scoring.EmbeddingPairs;
import io.bridgetower.jobs.scoring.EmbeddingSide;
import io.bridgetower.jobs.scoring.Filling;
import io.bridgetower.jobs.scoring.Head;
import io.bridgetower.jobs.scoring.JobMemory;
import io.bridgetower.jobs.scoring.JobRun;
import io.bridgetower.jobs.scoring.Matching;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.config.BridgeTowerConfig;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.PixelReader;
import io.bridgetower.processor.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Computes any number of pairs in bounded memory. Rows come from an iterator, and results go to a consumer or come out of
 * another iterator, in the same order and on the calling thread. Images are read, decoded and resized ahead on their own threads; each
 * distinct image and text is encoded once and kept for later rows while there is room for it; pairs are computed many
 * at a time. An error in one row becomes its result, and the job goes on. The bits of a
 * pair's result do not depend on other pairs.
 *
 * <p>Owns a model that it has loaded, until {@link #close}; one that it is given stays its owner's to close. One job may
 * run several times, also at once; each run has the memory of its options for itself.
 */
public final class ScoringJob implements AutoCloseable {
    private final Head<?, ?> head;
    private final TextPreparation texts;
    private final PixelReader images;
    private final JobOptions options;
    private final boolean ownsModel;

    private ScoringJob(Head<?, ?> head, BridgeTowerProcessor processor, JobOptions options, boolean ownsModel) {
        BridgeTowerConfig config = head.trunk().config();
        texts = TextPreparation.of(processor.tokenizer(), config.textConfig()).truncating(options.truncation());
        images = Pixels.reader(config.visionConfig(), processor.imageProcessor(), options.images());
        new JobMemory(head, images, options.maxBytes());
        this.head = head;
        this.options = options;
        this.ownsModel = ownsModel;
    }

    /**
     * Loads a model directory with the head that the task needs.
     *
     * @throws IOException if a file is missing, cannot be read or is not what it should be
     * @throws IllegalArgumentException if the memory of the options is not enough for this model, or if it cannot read
     *     texts or images of the options' sizes
     * @throws UnsupportedOperationException for {@link Task#EMBED_PAIR}, if the model has no head of pairs
     */
    public static ScoringJob load(Path directory, ModelOptions modelOptions, JobOptions options) throws IOException {
        BridgeTowerProcessor processor;
        try (Checkpoint checkpoint = Checkpoint.open(directory, modelOptions.variant())) {
            processor = ModelProcessors.load(checkpoint);
        }
        Head<?, ?> head = head(directory, modelOptions, processor, options);
        try {
            return new ScoringJob(head, processor, options, true);
        } catch (RuntimeException e) {
            head.close();
            throw e;
        }
    }

    /**
     * A job with a model that is loaded already, for {@link Task#MATCH}.
     *
     * @param model must be open while the job runs
     * @param processor of the model
     * @throws IllegalArgumentException if the options name another task, if their memory is not enough for this model, or if
     *     it cannot read texts or images of their sizes
     */
    public static ScoringJob of(
            BridgeTowerForImageAndTextRetrieval model, BridgeTowerProcessor processor, JobOptions options) {
        check(options, Task.MATCH);
        return new ScoringJob(new Matching(model), processor, options, false);
    }

    /**
     * As {@link #of(BridgeTowerForImageAndTextRetrieval, BridgeTowerProcessor, JobOptions)}, for {@link Task#CONTRASTIVE}, {@link
     * Task#EMBED_IMAGE}, {@link Task#EMBED_TEXT} and {@link Task#EMBED_PAIR}.
     *
     * @throws UnsupportedOperationException for {@link Task#EMBED_PAIR}, if the model has no head of pairs
     */
    public static ScoringJob of(
            BridgeTowerForContrastiveLearning model, BridgeTowerProcessor processor, JobOptions options) {
        check(options, Task.CONTRASTIVE, Task.EMBED_IMAGE, Task.EMBED_TEXT, Task.EMBED_PAIR);
        return new ScoringJob(head(model, options.task()), processor, options, false);
    }

    /** As {@link #of(BridgeTowerForImageAndTextRetrieval, BridgeTowerProcessor, JobOptions)}, for {@link Task#FILL}. */
    public static ScoringJob of(BridgeTowerForMaskedLM model, BridgeTowerProcessor processor, JobOptions options) {
        check(options, Task.FILL);
        return new ScoringJob(new Filling(model, processor.tokenizer(), options.top()), processor, options, false);
    }

    /**
     * Runs until the rows end.
     *
     * @throws RuntimeException what the iterator or the consumer throws; the run ends there
     * @throws IllegalStateException if the model is closed
     */
    public <K> JobSummary run(Iterator<PairRow<K>> rows, ImageSource images, Consumer<? super PairResult<K>> results) {
        return run(rows, images, results, () -> {});
    }

    /**
     * As {@link #run(Iterator, ImageSource, Consumer)}.
     *
     * @param computed is run whenever the results of rows that were computed together have all been consumed
     */
    <K> JobSummary run(
            Iterator<PairRow<K>> rows, ImageSource images, Consumer<? super PairResult<K>> results, Runnable computed) {
        long done = 0, failed = 0;
        try (JobRun<K, ?, ?> run = start(head, rows, images)) {
            while (run.hasNext()) {
                PairResult<K> result = run.next();
                done++;
                if (result.outcome() instanceof Outcome.Failed) failed++;
                results.accept(result);
                if (run.isGroupTaken()) computed.run();
            }
        }
        return new JobSummary(done, failed);
    }

    /**
     * The same results, computed when they are asked for: a group of rows at a time, while images of the next ones are
     * decoded. Takes memory and threads at once, until the results are closed. Their methods throw what the iterator throws,
     * and {@link IllegalStateException} if the model is closed.
     *
     * @param rows read ahead of the results, by a bounded number
     */
    public <K> PairResults<K> results(Iterator<PairRow<K>> rows, ImageSource images) {
        return start(head, rows, images);
    }

    /** What it runs with. */
    public JobOptions options() {
        return options;
    }

    /** The model without heads, whose {@link BridgeTowerModel#usage} says what it has computed and holds. */
    public BridgeTowerModel trunk() {
        return head.trunk();
    }

    /** What tells the model, its head included, from others; as {@link BridgeTowerModel#fingerprint}. */
    public String fingerprint() {
        return head.fingerprint();
    }

    Tokenizer tokenizer() {
        return texts.tokenizer();
    }

    PixelReader images() {
        return images;
    }

    /** Frees the model, if the job owns it, after runs have ended. Closing again does nothing. */
    @Override
    public void close() {
        if (ownsModel) head.close();
    }

    private static void check(JobOptions options, Task... expected) {
        if (Arrays.asList(expected).contains(options.task())) return;
        String tasks = Arrays.stream(expected).map(Task::name).collect(Collectors.joining(" or "));
        throw new IllegalArgumentException(
                "task: expected " + tasks + ", for which the model has a head, found " + options.task());
    }

    private <K, T extends AutoCloseable, I extends AutoCloseable> JobRun<K, T, I> start(
            Head<T, I> model, Iterator<PairRow<K>> rows, ImageSource source) {
        return new JobRun<>(rows, model, texts, images, options.maxBytes(), source);
    }

    private static Head<?, ?> head(
            Path directory, ModelOptions modelOptions, BridgeTowerProcessor processor, JobOptions options)
            throws IOException {
        return switch (options.task()) {
            case MATCH -> new Matching(BridgeTowerForImageAndTextRetrieval.load(directory, modelOptions));
            case FILL ->
                new Filling(BridgeTowerForMaskedLM.load(directory, modelOptions), processor.tokenizer(), options.top());
            case CONTRASTIVE, EMBED_IMAGE, EMBED_TEXT, EMBED_PAIR -> {
                BridgeTowerForContrastiveLearning model =
                        BridgeTowerForContrastiveLearning.load(directory, modelOptions);
                try {
                    yield head(model, options.task());
                } catch (RuntimeException e) {
                    model.close();
                    throw e;
                }
            }
        };
    }

    private static Head<?, ?> head(BridgeTowerForContrastiveLearning model, Task task) {
        if (task == Task.CONTRASTIVE) return new Contrasting(model);
        if (task != Task.EMBED_PAIR) return new EmbeddingSide(model, task == Task.EMBED_TEXT);
        if (model.hasCrossModalHead()) return new EmbeddingPairs(model);
        throw new UnsupportedOperationException(
                "the checkpoint has no head of pairs (itc_cross_modal_head.*), which " + task + " needs");
    }
}
