package io.bridgetower.cli;

import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.search.CaptionIndexer;
import io.bridgetower.search.EmbeddingIndexWriter;
import io.bridgetower.search.IndexModel;
import io.bridgetower.search.IndexSummary;
import io.bridgetower.search.PictureFiles;
import io.bridgetower.search.PictureIndexer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            "                         [--images DIR...] [--captions FILE] [--remove-missing]",
            "                         [--model MODEL] [--exif apply|ignore] [--image-size N]",
            "                         [--interpolate-pos-encoding] [--threads N]",
            "                         [--weights f32|bf16]"
        },
        description = "Embed pictures and captions for search. What the index holds already is passed over, also after"
                + " a run that was interrupted; what has changed is embedded again. What cannot be read is skipped; the"
                + " exit code is then 3.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower index --images photos --output photos.index",
            "  bridgetower index --captions captions.txt --output photos.index"
        })
final class IndexCommand implements Callable<Integer> {
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
            description = "Directories, with all below them that is named like a picture, and single pictures: JPEG,"
                    + " PNG, GIF, BMP, TIFF or WebP.")
    private List<Path> images = List.of();

    @Option(names = "--captions", paramLabel = "FILE", description = "Text file with a caption on every line.")
    private Path captions;

    @Option(
            names = "--output",
            paramLabel = "INDEX",
            required = true,
            description = "Directory of the index, begun if it is empty or not there.")
    private Path output;

    @Option(names = "--remove-missing", description = "Take pictures out of the index whose files are gone.")
    private boolean removeMissing;

    @Mixin
    private ModelOrDemo model;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private CommonOptions common;

    IndexCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, Failure {
        if (images.isEmpty() && captions == null && !removeMissing) {
            throw new ParameterException(spec.commandLine(), "expected --images, --captions or --remove-missing");
        }
        LuceneLog.silence();
        SkippedItems skipped = new SkippedItems(streams);
        List<String> lines = captions == null ? List.of() : CaptionFile.read(captions);
        List<Path> files = PictureFiles.below(images, skipped);
        Path directory = model.path();
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            SearchHeads.checkContrastive(checkpoint);
        }
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(directory);
        try (var embedding = BridgeTowerForContrastiveLearning.load(directory, engine.modelOptions());
                var index = EmbeddingIndexWriter.open(
                        output, IndexModel.of(model.name(), embedding, processor.imageProcessor(), pixels.options()))) {
            if (removeMissing) remove(index);
            if (!images.isEmpty()) {
                say(
                        "pictures",
                        new PictureIndexer(index, embedding, processor.imageProcessor(), pixels.options())
                                .index(files, bar("pictures", skipped)));
            }
            if (captions != null) {
                say(
                        "captions",
                        new CaptionIndexer(index, embedding, processor.tokenizer())
                                .index(lines, bar("captions", skipped)));
            }
        }
        if (model.isDemo()) streams.complain(DemoModel.note("embedded"));
        return skipped.count() == 0 ? 0 : SOME_SKIPPED;
    }

    private void remove(EmbeddingIndexWriter index) throws IOException {
        long removed = index.removePictures(picture -> !Files.exists(picture.path()));
        index.commit();
        streams.complain(output + ": " + removed + " pictures removed");
    }

    private IndexBar bar(String unit, SkippedItems skipped) {
        return new IndexBar(BatchBar.of(unit, streams.err()), skipped);
    }

    private void say(String unit, IndexSummary summary) {
        streams.complain(output + ": " + summary.added() + " " + unit + " added, " + summary.unchanged()
                + " there before, " + summary.skipped() + " skipped");
    }
}
