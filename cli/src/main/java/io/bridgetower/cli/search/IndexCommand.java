package io.bridgetower.cli.search;

import io.bridgetower.cli.options.CommonOptions;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.ImageRootDirectory;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.pair.ImageArguments;
import io.bridgetower.cli.progress.BatchBar;
import io.bridgetower.cli.progress.IndexBar;
import io.bridgetower.cli.progress.InterruptNote;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
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
        customSynopsis = {
            "bridgetower index --output INDEX",
            "                         [--images DIR...] [--image-root DIR] [--captions FILE]",
            "                         [--remove-missing]",
            "                         [--model MODEL] [--exif apply|ignore] [--image-size N]",
            "                         [--interpolate-pos-encoding] [--threads N]",
            "                         [--weights f32|bf16]"
        },
        description = "Embed images and captions for search. What the index holds already is passed over, also after"
                + " a run that was interrupted; what has changed is embedded again. What cannot be read is skipped; the"
                + " exit code is then 3.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower index --images photos --output photos.index",
            "  bridgetower index --captions captions.txt --output photos.index"
        })
public final class IndexCommand implements Callable<Integer> {
    /** Exit code where all is done, but not everything could be read. */
    private static final int SOME_SKIPPED = 3;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            arity = "1..*",
            converter = NotAnOption.AsPath.class,
            description = "Directories, with all below them that is named like an image, and single images: "
                    + ImageArguments.FORMATS + ".")
    private List<Path> images = List.of();

    @Option(
            names = "--image-root",
            paramLabel = "DIR",
            description = "Directory that images are stored relative to; to be given where all of them have moved. If"
                    + " not given, that of the index, which is at first the directory of --images, or the one that all"
                    + " of --images have in common.")
    private Path imageRoot;

    @Option(names = "--captions", paramLabel = "FILE", description = "Text file with a caption on every line.")
    private Path captions;

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

    @Mixin
    private CommonOptions common;

    public IndexCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, Failure {
        if (images.isEmpty() && captions == null && !removeMissing) {
            throw new ParameterException(spec.commandLine(), "expected --images, --captions or --remove-missing");
        }
        List<Path> inputs = new ArrayList<>(images);
        if (captions != null) inputs.add(captions);
        OutputFile.checkIsNone(output, inputs);
        LuceneLog.silence();
        SkippedItems skipped = new SkippedItems(streams);
        List<String> lines = captions == null ? List.of() : CaptionFile.read(captions);
        List<Path> files = ImageFiles.below(images, skipped);
        Path root = root();
        Path directory = model.path();
        OutputFile.checkIsNone(output, List.of(directory));
        try (Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            SearchHeads.checkContrastive(checkpoint);
        }
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(directory);
        if (!images.isEmpty()) MissingImageProcessor.note(directory, streams);
        try (var embedding = BridgeTowerForContrastiveLearning.load(
                        directory, engine.modelOptions().withVariant(model.variant()));
                var index = EmbeddingIndexWriter.open(
                        output,
                        IndexModel.of(model.name(), embedding, processor.imageProcessor(), pixels.options()),
                        root)) {
            if (removeMissing) remove(index);
            if (!images.isEmpty()) {
                ImageIndexer indexer = new ImageIndexer(index, embedding, processor.imageProcessor(), pixels.options());
                say("images", progress -> indexer.index(files, progress), skipped);
            }
            if (captions != null) {
                CaptionIndexer indexer = new CaptionIndexer(index, embedding, processor.tokenizer());
                say("captions", progress -> indexer.index(lines, progress), skipped);
            }
        }
        if (model.isDemo()) streams.complain(DemoModel.note("embedded"));
        return skipped.count() == 0 ? 0 : SOME_SKIPPED;
    }

    /** The root to write the index with; null for the one that it has. */
    private Path root() throws IOException, Failure {
        String recorded = Files.exists(output.resolve("manifest.json"))
                ? IndexManifest.of(output).imageRoot()
                : null;
        if (removeMissing && imageRoot == null && recorded != null && !Files.isDirectory(Path.of(recorded))) {
            throw new Failure(output + ": its images are stored relative to " + recorded
                    + ", which is not there, so all of them would be removed; --image-root names where they are");
        }
        if (imageRoot == null) {
            if (recorded == null) return ImageFiles.base(images);
            if (!images.isEmpty() && !Files.isDirectory(Path.of(recorded))) {
                streams.complain(output + ": its images are stored relative to " + recorded
                        + ", which is not there; if they have moved, --image-root tells where they are");
            }
            return null;
        }
        Path root = ImageRootDirectory.real(imageRoot);
        if (recorded != null && !recorded.equals(root.toString())) {
            streams.complain(
                    output + ": images are stored relative to " + root + " from now on; before, to " + recorded);
        }
        return root;
    }

    private void remove(EmbeddingIndexWriter index) throws IOException {
        long removed = index.removeImages(image -> !Files.exists(image.path()));
        index.commit();
        streams.complain(output + ": " + removed + " images removed");
    }

    private interface Indexing {
        IndexSummary run(IndexProgress progress) throws IOException;
    }

    /** Indexes, and says what was done. */
    private void say(String unit, Indexing indexing, SkippedItems skipped) throws IOException {
        BatchBar bar = BatchBar.of(unit, streams.err());
        IndexSummary summary;
        try (InterruptNote _ = new InterruptNote(streams, bar, "the same command goes on")) {
            summary = indexing.run(new IndexBar(bar, skipped));
        }
        streams.complain(output + ": " + summary.added() + " " + unit + " added, " + summary.unchanged()
                + " there before, " + summary.skipped() + " skipped");
    }
}
