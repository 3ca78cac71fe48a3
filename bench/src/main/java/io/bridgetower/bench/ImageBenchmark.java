package io.bridgetower.bench;

import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import io.bridgetower.processor.image.PixelBatch;
import io.bridgetower.processor.image.raster.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A JPEG as a camera makes it, from its bytes to the model's pixels, on one thread. */
@State(Scope.Benchmark)
public class ImageBenchmark {
    /** The file. */
    @Param("")
    public String file;

    private final ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.DEFAULT);
    private byte[] bytes;

    @Setup
    public void setUp() throws IOException {
        bytes = Files.readAllBytes(Path.of(file));
    }

    @Benchmark
    public RgbImage decode() throws IOException {
        return ImageCodec.decode(bytes, file);
    }

    /** Decoding by the JDK, which calls libjpeg. */
    @Benchmark
    public BufferedImage decodePeer() throws IOException {
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    @Benchmark
    public float process() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            PixelBatch batch = processor.preprocess(arena, List.of(ImageCodec.decode(bytes, file)));
            return batch.pixelValues().get(0, 0, 0, 0);
        }
    }

    /** Writes an image with soft shapes and some noise: a photograph, to a decoder. */
    static void write(Path file, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int noise = random.nextInt(12);
                int red = wave(x * 0.011 + y * 0.003) + noise;
                int green = wave(x * 0.002 - y * 0.017) + noise;
                int blue = wave((x + y) * 0.023 + Math.sin(x * 0.01) * 3) + noise;
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        ImageIO.write(image, "jpeg", file.toFile());
    }

    private static int wave(double phase) {
        return (int) (120 + 110 * Math.sin(phase));
    }
}
