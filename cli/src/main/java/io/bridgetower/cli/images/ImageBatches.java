package io.bridgetower.cli.images;

import io.bridgetower.inputs.PixelBatches;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.processor.image.PixelReader;
import java.io.IOException;
import java.util.List;

/** Images as a model takes them, batch by batch, read ahead on other threads. */
public final class ImageBatches implements AutoCloseable {
    /**
     * Some images.
     *
     * @param inputs valid until the next batch
     */
    public record Batch(List<NamedImage> images, ImageInputs inputs) {}

    private final PixelBatches<NamedImage> batches;

    public ImageBatches(PixelReader reader, List<NamedImage> images) {
        batches = new PixelBatches<>(reader, images.iterator(), images.size(), image -> image.read(reader.reading()));
    }

    /**
     * The next batch; null at the end.
     *
     * @throws IOException if an image cannot be read
     * @throws IllegalArgumentException if one cannot be processed
     */
    public Batch next() throws IOException {
        PixelBatches.Batch<NamedImage> batch = batches.next();
        if (batch == null) return null;
        for (Throwable error : batch.errors()) check(error);
        return new Batch(batch.items(), Pixels.inputs(batch.pixels()));
    }

    @Override
    public void close() {
        batches.close();
    }

    private static void check(Throwable error) throws IOException {
        switch (error) {
            case null -> {}
            case IOException io -> throw io;
            case RuntimeException unchecked -> throw unchecked;
            case Error fatal -> throw fatal;
            default -> throw new IOException(error.getMessage(), error);
        }
    }
}
