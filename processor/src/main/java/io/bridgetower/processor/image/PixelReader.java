package io.bridgetower.processor.image;

import io.bridgetower.engine.Tensor;
import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Turns images into pixel values of one shape, which a model takes. Immutable and safe to share between threads.
 *
 * <p>The model must be called with interpolation of its position embeddings where the shape is not its own, and may be
 * called so in any case: for its own shape that changes nothing.
 */
public final class PixelReader {
    private final ImageProcessor processor;
    private final ImageReadOptions reading;
    private final int[] shape;

    private PixelReader(ImageProcessor processor, ImageReadOptions reading, int... shape) {
        this.processor = processor;
        this.reading = reading;
        this.shape = shape;
    }

    /**
     * A reader for a model.
     *
     * @param channels that the model takes
     * @param side height and width that the model was made for
     * @param patch height and width of its patches
     * @throws IllegalArgumentException if the options ask for a size that patches do not fill, or for interpolation where
     *     the image processor, which does not crop, has no fixed size
     */
    public static PixelReader of(ImageProcessor processor, ImageOptions options, int channels, int side, int patch) {
        if (!options.interpolatePosEncoding()) {
            return new PixelReader(processor, options.reading(), 1, channels, side, side);
        }
        ImageProcessorConfig config = processor.config();
        if (options.size() > 0)
            config = config.toBuilder().imageSize(options.size()).build();
        CropSize size = config.outputSize()
                .orElseThrow(() -> new IllegalArgumentException(
                        "image size: expected an image processor that crops (do_center_crop) or resizes to one size,"
                                + " without which images come out in different sizes"));
        if (size.height() % patch != 0 || size.width() % patch != 0) {
            String found = size.height() == size.width()
                    ? Integer.toString(size.height())
                    : size.height() + " x " + size.width();
            throw new IllegalArgumentException(
                    "image size: expected a multiple of the model's patch size, " + patch + ", found " + found);
        }
        return new PixelReader(new ImageProcessor(config), options.reading(), 1, channels, size.height(), size.width());
    }

    /** The image processor, at the size of the options. */
    public ImageProcessor processor() {
        return processor;
    }

    /** How files are read. */
    public ImageReadOptions reading() {
        return reading;
    }

    /** Memory for the pixels of so many images, [images, channels, height, width]. */
    public Tensor allocate(Arena arena, int images) {
        return Tensor.allocate(arena, images, shape[1], shape[2], shape[3]);
    }

    /** Bytes that the pixels of an image take. */
    public long byteSize() {
        return (long) shape[1] * shape[2] * shape[3] * Float.BYTES;
    }

    /** Height and width of the patches' grid, multiplied. */
    public int patches(int patch) {
        return (shape[2] / patch) * (shape[3] / patch);
    }

    /** A text that identifies how pixels are made, for storing with what a model computes from them. */
    public String identity() {
        String identity = processor.config().identity();
        return reading.exif() == Exif.APPLY ? identity : identity + " exif=ignore";
    }

    /**
     * Reads a file.
     *
     * @throws IOException as {@link ImageCodec#read(Path, ImageReadOptions)}
     */
    public RgbImage read(Path file) throws IOException {
        return ImageCodec.read(file, reading);
    }

    /**
     * Makes the pixels of an image.
     *
     * @param target [1, channels, height, width]
     * @throws IllegalArgumentException if the image cannot be brought to a size, or if the image processor makes other
     *     pixels than the model takes; the message names the image
     */
    public void process(RgbImage image, Tensor target) {
        try (Arena arena = Arena.ofConfined()) {
            Tensor pixels = processor.preprocess(arena, List.of(image)).pixelValues();
            if (!Arrays.equals(pixels.shape(), shape)) {
                throw new IllegalArgumentException(image.nameOr("the image") + ": the model takes pixels of shape "
                        + Arrays.toString(shape) + ", its image processor makes " + Arrays.toString(pixels.shape()));
            }
            target.segment().copyFrom(pixels.segment());
        }
    }

    /**
     * Makes the pixels of files, of which one at a time is decoded.
     *
     * @param arena owner of the result
     * @return [files, channels, height, width]
     * @throws IOException as {@link #read}
     * @throws IllegalArgumentException as {@link #process}
     */
    public Tensor readAll(Arena arena, List<Path> files) throws IOException {
        Tensor pixels = allocate(arena, files.size());
        for (int i = 0; i < files.size(); i++) process(read(files.get(i)), pixels.slice(i, 1));
        return pixels;
    }

    /**
     * Makes the pixels of images.
     *
     * @param arena owner of the result
     * @return [images, channels, height, width]
     * @throws IllegalArgumentException as {@link #process}
     */
    public Tensor processAll(Arena arena, List<RgbImage> images) {
        Tensor pixels = allocate(arena, images.size());
        for (int i = 0; i < images.size(); i++) process(images.get(i), pixels.slice(i, 1));
        return pixels;
    }
}
