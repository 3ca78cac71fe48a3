package io.bridgetower.cli.pair;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.cli.options.CommonOptions;
import io.bridgetower.cli.options.DemoModel;
import io.bridgetower.cli.options.EngineOptions;
import io.bridgetower.cli.options.MissingImageProcessor;
import io.bridgetower.cli.options.ModelOrDemo;
import io.bridgetower.cli.options.NotAnOption;
import io.bridgetower.cli.options.OutputFile;
import io.bridgetower.cli.options.PixelOptions;
import io.bridgetower.cli.options.TruncationOptions;
import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.cli.terminal.Json;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bridgetower embed}. */
@Command(
        name = "embed",
        customSynopsis = {
            "bridgetower embed (--image FILE... | --text TEXT...)...",
            "                         [--model MODEL] [--output FILE] [--json]",
            "                         [--truncate | --max-length N] [--exif apply|ignore]",
            "                         [--image-size N] [--interpolate-pos-encoding]",
            "                         [--threads N] [--weights f32|bf16]"
        },
        description = "Turn images and texts into unit vectors, whose dot products say how well they go together.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  bridgetower embed --image *.jpg --output images.safetensors",
            "  bridgetower embed --text \"a black square\" \"two stars\" --json"
        })
public final class EmbedCommand implements Callable<Void> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOrDemo model;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            arity = "1..*",
            converter = NotAnOption.AsPath.class,
            description = "Images: " + ImageArguments.FORMATS + ".")
    private List<Path> images = List.of();

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            arity = "1..*",
            converter = NotAnOption.class,
            description = "Texts.")
    private List<String> texts = List.of();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Safetensors file to write: image_embeds [images, size] and text_embeds [texts, size].")
    private Path output;

    @Mixin
    private TruncationOptions truncation;

    @Option(
            names = "--json",
            description = "Print JSON, also with --output: [{\"image\": …, \"embedding\": […]}, …, {\"text\": …,"
                    + " \"embedding\": […]}, …]. Printed anyway if no file is written.")
    private boolean json;

    @Mixin
    private PixelOptions pixels;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private CommonOptions common;

    public EmbedCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Void call() throws IOException, Failure {
        if (images.isEmpty() && texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "expected --image or --text");
        }
        if (output != null) OutputFile.check(output, images);
        ImageArguments.check(images);
        Path directory = model.path();
        if (output != null) OutputFile.checkIsNotOf(directory, output);
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Checkpoint.open(directory, model.variant())) {
            Embedder embedder = new Embedder(directory, checkpoint, pixels, arena);
            if (!images.isEmpty()) MissingImageProcessor.note(directory, streams);
            int[][] ids = texts.isEmpty() ? null : embedder.ids(texts, truncation);
            try (var embedding = BridgeTowerForContrastiveLearning.load(
                    directory, engine.modelOptions().withVariant(model.variant()))) {
                Tensor imageEmbeds = images.isEmpty() ? null : embedder.images(embedding, images);
                Tensor textEmbeds = ids == null ? null : embedder.texts(embedding, ids);
                write(imageEmbeds, textEmbeds);
            }
        }
        if (model.isDemo() && !json) streams.complain(DemoModel.note("embedded"));
        return null;
    }

    /** @param imageEmbeds null if there are none; so the other */
    private void write(Tensor imageEmbeds, Tensor textEmbeds) throws IOException {
        if (output != null) {
            SafetensorsWriter writer = new SafetensorsWriter();
            if (imageEmbeds != null) writer.add("image_embeds", imageEmbeds);
            if (textEmbeds != null) writer.add("text_embeds", textEmbeds);
            writer.write(output);
        }
        if (output != null && !json) return;
        try (JsonGenerator out = Json.generator(streams.out())) {
            out.writeStartArray();
            for (int i = 0; i < images.size(); i++) write(out, "image", images.get(i), imageEmbeds.slice(i, 1));
            for (int i = 0; i < texts.size(); i++) write(out, "text", texts.get(i), textEmbeds.slice(i, 1));
            out.writeEndArray();
            out.writeRaw('\n');
        }
    }

    private static void write(JsonGenerator out, String kind, Object of, Tensor vector) throws IOException {
        out.writeStartObject();
        out.writeStringField(kind, of.toString());
        out.writeArrayFieldStart("embedding");
        for (float value : vector.toArray()) out.writeNumber(value);
        out.writeEndArray();
        out.writeEndObject();
    }
}
