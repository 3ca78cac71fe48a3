package io.bridgetower.cli.search;

import io.bridgetower.cli.images.ImageArguments;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ImageRootDirectory;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.progress.BatchBar;
import io.bridgetower.cli.progress.IndexBar;
import io.bridgetower.cli.progress.InterruptNote;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.inputs.ModelProcessors;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.ModelOptions;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.search.CaptionIndexer;
import io.bridgetower.search.ImageFiles;
import io.bridgetower.search.ImageIndexer;
import io.bridgetower.search.IndexProgress;
import io.bridgetower.search.IndexSummary;
import io.bridgetower.search.index.EmbeddingIndexWriter;
import io.bridgetower.search.index.IndexManifest;
import io.bridgetower.search.index.IndexModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower index}. */
@Command(
        name = "index",
        description = "Embed images and captions for search. What the index holds already is passed over, also after"
                + " a run that was interrupted; what has changed is embedded again. What cannot be read is skipped.",
        exitCodeList = "3:Done, but some images or texts were skipped.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower index --image photos --output photos.index",
            "  bridgetower index --input captions.txt --output photos.index"
        })
public final class IndexCommand implements Callable<Integer> {
    /** Exit code where all is done, but not everything could be read. */
    private static final int SOME_SKIPPED = 3;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--image",
            paramLabel = "PATH",
            arity = "1..*",
            converter = NotAnOption.class,
            description = "Directories, with all below them that is named like an image, and single images: "
                    + ImageArguments.FORMATS + "; or patterns of them such as 'photos/*.jpg', or @FILE for a list with"
                    + " a path on every line.")
    private List<String> images = List.of();

    @Option(
            names = "--image-root",
            paramLabel = "DIR",
            description = "Directory that images are stored relative to; to be given where all of them have moved. If"
                    + " not given, that of the index, which is at first the directory of --image, or the one that all"
                    + " of --image have in common.")
    private Path imageRoot;

    @Option(names = "--input", paramLabel = "FILE", description = "Text file with a caption on every line.")
    private Path texts;

    @Option(
            names = "--output",
            paramLabel = "INDEX",
            required = true,
            description = "Directory of the index, begun if it is empty or not there.")
    private Path output;

    @Option(names = "--remove-missing", description = "Take images out of the index whose files are gone.")
    private boolean removeMissing;

    @Mixin
    private ModelOrDemo model;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    public IndexCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, Failure {
        if (images.isEmpty() && texts == null && !removeMissing) {
            throw new ParameterException(spec.commandLine(), "expected --image, --input or --remove-missing");
        }
        List<Path> paths = ImageArguments.paths(images, streams);
        ModelOptions options = engine.modelOptions().withVariant(model.variant());
        List<Path> inputs = new ArrayList<>(paths);
        if (texts != null) inputs.add(texts);
        OutputFile.checkIsNone(output, inputs);
        LuceneLog.silence();
        SkippedItems skipped = new SkippedItems(streams);
        List<String> lines = texts == null ? List.of() : CaptionFile.read(texts);
        List<Path> files = ImageFiles.below(paths, skipped);
        Path root = root(paths);
        Path directory = model.path(streams);
        OutputFile.checkIsNone(output, List.of(directory));
        BridgeTowerProcessor processor;
        try (Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            SearchHeads.checkContrastive(checkpoint);
            processor = ModelProcessors.load(checkpoint);
        }
        if (!images.isEmpty()) MissingImageProcessor.note(directory, streams);
        try (var embedding = BridgeTowerForContrastiveLearning.load(directory, options);
                var index = EmbeddingIndexWriter.open(
                        output,
                        IndexModel.of(model.name(), embedding, processor.imageProcessor(), pixels.options()),
                        root)) {
            if (removeMissing) remove(index);
            if (!images.isEmpty()) {
                ImageIndexer indexer = new ImageIndexer(index, embedding, processor.imageProcessor(), pixels.options());
                say("images", progress -> indexer.index(files, progress), skipped);
            }
            if (texts != null) {
                CaptionIndexer indexer = new CaptionIndexer(index, embedding, processor.tokenizer());
                say("captions", progress -> indexer.index(lines, progress), skipped);
            }
        }
        if (model.isDemo()) streams.note(DemoModel.note("embedded"));
        return skipped.count() == 0 ? 0 : SOME_SKIPPED;
    }

    /**
     * The root to write the index with; null for the one that it has.
     *
     * @param paths those of --image
     */
    private Path root(List<Path> paths) throws IOException, Failure {
        String recorded = Files.exists(output.resolve("manifest.json"))
                ? IndexManifest.of(output).imageRoot()
                : null;
        if (removeMissing && imageRoot == null && recorded != null && !Files.isDirectory(Path.of(recorded))) {
            throw new Failure(output + ": its images are stored relative to " + recorded
                    + ", which is not there, so all of them would be removed; --image-root names where they are");
        }
        if (imageRoot == null) {
            if (recorded == null) return ImageFiles.base(paths);
            if (!images.isEmpty() && !Files.isDirectory(Path.of(recorded))) {
                streams.note(output + ": its images are stored relative to " + recorded
                        + ", which is not there; if they have moved, --image-root tells where they are");
            }
            return null;
        }
        Path root = ImageRootDirectory.real(imageRoot);
        if (recorded != null && !recorded.equals(root.toString())) {
            streams.note(output + ": images are stored relative to " + root + " from now on; before, to " + recorded);
        }
        return root;
    }

    private void remove(EmbeddingIndexWriter index) throws IOException {
        long removed = index.removeImages(image -> !Files.exists(image.path()));
        index.commit();
        streams.note(output + ": " + removed + " images removed");
    }

    private interface Indexing {
        IndexSummary run(IndexProgress progress) throws IOException;
    }

    /** Indexes, and says what was done. */
    private void say(String unit, Indexing indexing, SkippedItems skipped) throws IOException {
        BatchBar bar = BatchBar.of(unit, streams.progress());
        IndexSummary summary;
        try (InterruptNote _ = new InterruptNote(streams, bar, "the same command goes on")) {
            summary = indexing.run(new IndexBar(bar, skipped));
        }
        streams.note(output + ": " + summary.added() + " " + unit + " added, " + summary.unchanged() + " there before, "
                + summary.skipped() + " skipped");
    }
}
