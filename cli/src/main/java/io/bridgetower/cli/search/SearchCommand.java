package io.bridgetower.cli.search;

import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.images.NamedImage;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ImageRootDirectory;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.search.Proposer;
import io.bridgetower.search.Reranker;
import io.bridgetower.search.index.EmbeddingIndex;
import io.bridgetower.search.index.IndexManifest;
import io.bridgetower.search.index.IndexModel;
import io.bridgetower.search.index.Scan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower search}. */
@Command(
        name = "search",
        exitCodeList = "3:Done, but some of the images that --rerank reads could not be read.",
        description = "Find the images of an index that go with a text, or the captions that go with an image.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower search --index photos.index --text \"a cat\" --rerank 50",
            "  bridgetower search --index photos.index --image cat.jpg --json"
        })
public final class SearchCommand implements Callable<Integer> {
    /** Exit code where there is a result, but not every proposal could be read. */
    private static final int SOME_SKIPPED = 3;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--index",
            paramLabel = "INDEX",
            required = true,
            description = "Directory that the index command has written.")
    private Path directory;

    @Option(names = "--text", paramLabel = "TEXT", description = "Text to find images for.")
    private String text;

    @Option(names = "--image", paramLabel = "FILE", description = "Image to find captions for: " + ImageArguments.ONE)
    private String image;

    @Mixin
    private final ImageArguments arguments = new ImageArguments();

    private int top = 10;

    /** 0 for none. */
    private int rerank;

    @Option(
            names = "--exact",
            description = "Compare with every vector, however many there are, so that none is missed.")
    private boolean exact;

    @Option(
            names = "--image-root",
            paramLabel = "DIR",
            description = "Directory that holds the images, where they have moved since they were indexed.")
    private Path imageRoot;

    @Option(
            names = "--verify",
            description = "First read all of the index and compare it with its checksums. Needs no query.")
    private boolean verify;

    @Option(
            names = "--json",
            description = "Print JSON: [{\"image\" or \"text\": …, \"similarity\": …, \"probability\": …}, …]; the"
                    + " probability with --rerank.")
    private boolean json;

    @Mixin
    private IndexedModel model;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    public SearchCommand(Streams streams) {
        this.streams = streams;
    }

    @Option(names = "--top", paramLabel = "N", description = "How many to show; 10 if not given.")
    private void setTop(int count) {
        top = positive("--top", count);
    }

    @Option(
            names = "--rerank",
            paramLabel = "N",
            description = "Let the whole model read the N nearest together with the query, and show those of them that"
                    + " it finds the most probable.")
    private void setRerank(int count) {
        rerank = positive("--rerank", count);
    }

    @Override
    public Integer call() throws IOException, Failure {
        boolean hasQuery = text != null || image != null;
        if (text != null && image != null || !hasQuery && !verify) {
            throw new ParameterException(spec.commandLine(), "expected either --text or --image");
        }
        ModelOptions options = engine.modelOptions();
        LuceneLog.silence();
        if (verify) verify();
        if (!hasQuery) return 0;
        Path root = imageRoot == null ? null : ImageRootDirectory.real(imageRoot);
        try (var _ = arguments) {
            return search(image == null ? null : arguments.one(image, streams), root, options);
        }
    }

    /** @param named null for a text */
    private int search(NamedImage named, Path root, ModelOptions options) throws IOException, Failure {
        IndexModel indexed = IndexManifest.of(directory).model();
        Path modelDirectory = model.path(indexed, streams);
        SkippedItems skipped = new SkippedItems(streams);
        try (Checkpoint checkpoint = Checkpoint.open(modelDirectory, model.variant())) {
            SearchHeads.checkContrastive(checkpoint);
            if (rerank > 0) SearchHeads.checkMatching(checkpoint);
            BridgeTowerProcessor processor = ModelProcessors.load(checkpoint);
            if (image != null || rerank > 0) MissingImageProcessor.note(modelDirectory, streams);
            try (BridgeTowerModel trunk = BridgeTowerModel.load(checkpoint, options);
                    var embedding = BridgeTowerForContrastiveLearning.load(checkpoint, trunk);
                    var matching = rerank > 0 ? BridgeTowerForImageAndTextRetrieval.load(checkpoint, trunk) : null;
                    var index = EmbeddingIndex.open(
                            directory,
                            IndexModel.of(model.name(indexed), embedding, processor.imageProcessor(), pixels.options()),
                            root);
                    var reranker = matching == null ? null : new Reranker(matching, processor, pixels.options())) {
                Searcher searcher = new Searcher(
                        new Proposer(index, embedding, processor, pixels.options()),
                        reranker,
                        matching == null ? top : rerank,
                        exact ? Scan.EXACT : Scan.AUTOMATIC,
                        skipped);
                if (named == null) show("image", searcher.images(text));
                else
                    show(
                            "caption",
                            searcher.captions(named.read(pixels.options().reading())));
            }
        }
        if (skipped.count() > 0 && root == null) {
            streams.note("if the images have moved, --image-root tells where they are");
        }
        return skipped.count() == 0 ? 0 : SOME_SKIPPED;
    }

    private void verify() throws IOException {
        try (var index =
                EmbeddingIndex.open(directory, IndexManifest.of(directory).model())) {
            index.verify();
            streams.note(directory + ": undamaged; " + index.imageCount() + " images and " + index.captionCount()
                    + " captions");
        }
    }

    private void show(String kind, List<Found> all) throws IOException {
        List<Found> best = all.subList(0, Math.min(top, all.size()));
        if (json) FoundJson.write(best, streams.out());
        else if (!best.isEmpty()) FoundTable.write(best, kind, rerank > 0, streams.writer());
        if (best.isEmpty()) streams.note(directory + ": found no " + kind);
    }

    private int positive(String option, int count) {
        if (count >= 1) return count;
        throw new ParameterException(spec.commandLine(), option + ": expected 1 or more, found " + count);
    }
}
