package io.bridgetower.processor.image;

import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.TensorArena;
import io.bridgetower.engine.VectorModule;
import io.bridgetower.processor.image.raster.Resizer;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Turns images into the pixel values that BridgeTower's vision tower takes: resize, centre crop, rescale, normalize,
 * pad. Immutable and safe to share between threads.
 */
public final class ImageProcessor {
    private final ImageProcessorConfig config;
    private final Map<String, Object> otherFields;

    /**
     * A processor with the given defaults.
     *
     * @throws IllegalStateException if Java was started without the module {@code jdk.incubator.vector}
     */
    public ImageProcessor(ImageProcessorConfig config) {
        this(config, Map.of());
    }

    /** @param otherFields what a file holds beyond the configuration, to be written back; not changed afterwards */
    ImageProcessor(ImageProcessorConfig config, Map<String, Object> otherFields) {
        VectorModule.require();
        this.config = Objects.requireNonNull(config, "config");
        this.otherFields = otherFields;
    }

    /**
     * Reads {@code processor_config.json}, as Transformers 5 writes it, or {@code preprocessor_config.json}.
     *
     * @param directoryOrFile one of these files, or a directory; one without a {@linkplain #configFile configuration} gives
     *     {@link ImageProcessorConfig#DEFAULT}
     * @throws io.bridgetower.files.MalformedFileException if the file is not JSON or a field has an impossible value;
     *     fields that are not known are kept for {@link #save}
     * @throws IOException if the file or directory is missing or cannot be read
     */
    public static ImageProcessor load(Path directoryOrFile) throws IOException {
        if (!Files.exists(directoryOrFile)) throw new NoSuchFileException(directoryOrFile.toString());
        if (!Files.isDirectory(directoryOrFile)) return ImageProcessorFiles.read(directoryOrFile);
        Path file = ImageProcessorFiles.find(directoryOrFile);
        return file == null ? new ImageProcessor(ImageProcessorConfig.DEFAULT) : ImageProcessorFiles.read(file);
    }

    /**
     * The file that configures the image processor of a model directory: {@code processor_config.json} if it has an
     * {@code image_processor}, else {@code preprocessor_config.json}. Transformers 5 chooses in the same way.
     *
     * @return empty if there is no such file; {@link #load} gives {@link ImageProcessorConfig#DEFAULT} then, which may not
     *     be what the model was trained with
     * @throws io.bridgetower.files.MalformedFileException if {@code processor_config.json} is not a JSON object
     * @throws IOException if it cannot be read
     */
    public static Optional<Path> configFile(Path directory) throws IOException {
        return Optional.ofNullable(ImageProcessorFiles.find(directory));
    }

    /**
     * Writes {@code preprocessor_config.json} into a directory, which is created if need be, and replaces the
     * {@code image_processor} of a {@code processor_config.json} that the directory already holds. Every version of
     * Transformers reads them, unless the crop is not square or images are resized without regard to their ratio: Transformers
     * has no such crop and no such resizing, and refuses the file. Each file appears whole or not at all.
     *
     * @throws IOException if a file cannot be written
     */
    public void save(Path directory) throws IOException {
        Files.createDirectories(directory);
        ImageProcessorFiles.write(this, directory);
    }

    /** The defaults of this processor. */
    public ImageProcessorConfig config() {
        return config;
    }

    Map<String, Object> otherFields() {
        return otherFields;
    }

    /** {@link #preprocess(Arena, List)} into a batch that owns its memory. */
    public PixelBatch preprocess(List<RgbImage> images) {
        return preprocess(images, config);
    }

    /** {@link #preprocess(Arena, List, ImageProcessorConfig)} into a batch that owns its memory. */
    public PixelBatch preprocess(List<RgbImage> images, ImageProcessorConfig options) {
        return TensorArena.owning(arena -> preprocess(arena, images, options));
    }

    /**
     * Processes a batch with this processor's configuration; see {@link #preprocess(Arena, List,
     * ImageProcessorConfig)}.
     */
    public PixelBatch preprocess(Arena arena, List<RgbImage> images) {
        return preprocess(arena, images, config);
    }

    /**
     * Processes a batch.
     *
     * @param arena owner of the result: both tensors live until it is closed; may be confined to the calling thread
     * @param images one image or more; they may differ in size
     * @param options used in place of this processor's configuration, as in
     *     {@code processor.config().toBuilder().resample(Resampling.LANCZOS).build()}
     * @throws IllegalArgumentException if there is no image, if nothing is left of a side after resizing, or if
     *     images come out in different sizes and {@link ImageProcessorConfig#doPad} is false; the message names the
     *     image by the file that it was read from, or else by its place in the batch
     */
    public PixelBatch preprocess(Arena arena, List<RgbImage> images, ImageProcessorConfig options) {
        if (images.isEmpty()) throw new IllegalArgumentException("expected one image or more, found none");
        TargetSize[] sizes = new TargetSize[images.size()];
        int height = 0;
        int width = 0;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = finalSize(images, i, options);
            height = Math.max(height, sizes[i].height());
            width = Math.max(width, sizes[i].width());
            if (!options.doPad() && !sizes[i].equals(sizes[0])) {
                throw new IllegalArgumentException("without padding all images must come out in one size: "
                        + label(images, 0) + " has " + sizes[0] + ", " + label(images, i) + " has " + sizes[i]);
            }
        }
        boolean first = options.channelOrder() == ChannelOrder.CHANNELS_FIRST;
        Tensor values = first
                ? Tensor.allocate(arena, sizes.length, Resizer.CHANNELS, height, width)
                : Tensor.allocate(arena, sizes.length, height, width, Resizer.CHANNELS);
        Tensor mask = Tensor.allocate(arena, sizes.length, height, width);
        PixelWriter writer = new PixelWriter(options);
        for (int i = 0; i < sizes.length; i++) {
            writer.write(resize(images.get(i), options), sizes[i], values.slice(i, 1), mask.slice(i, 1));
        }
        return new PixelBatch(values, mask);
    }

    private static TargetSize finalSize(List<RgbImage> images, int i, ImageProcessorConfig options) {
        RgbImage image = images.get(i);
        TargetSize resized;
        try {
            resized = options.doResize() ? target(image, options) : new TargetSize(image.width(), image.height());
        } catch (IllegalArgumentException e) {
            String label = images.size() == 1 ? image.nameOr("") : label(images, i);
            throw new IllegalArgumentException(label.isEmpty() ? e.getMessage() : label + ": " + e.getMessage(), e);
        }
        if (!options.doCenterCrop()) return resized;
        CropSize crop = options.effectiveCropSize();
        return new TargetSize(crop.width(), crop.height());
    }

    private static String label(List<RgbImage> images, int i) {
        return images.get(i).nameOr("image " + i);
    }

    private static RgbImage resize(RgbImage image, ImageProcessorConfig options) {
        if (!options.doResize()) return image;
        TargetSize target = target(image, options);
        return Resizer.resize(image, target.width(), target.height(), options.resample());
    }

    private static TargetSize target(RgbImage image, ImageProcessorConfig options) {
        CropSize exact = options.exactSize();
        if (exact != null) return new TargetSize(exact.width(), exact.height());
        return TargetSize.of(image.width(), image.height(), options.size(), options.sizeDivisor());
    }
}
