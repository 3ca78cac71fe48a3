package io.bridgetower.processor.image.codec;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.Resizer;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/** Decodes the first frame of a WebP file on its canvas, as libwebp shows it: what the frame leaves free is black. */
final class WebpDecoder {
    /** Named here because the registry of {@code javax.imageio} does not see the libraries of a web application. */
    private static final ImageReaderSpi READERS = new WebPImageReaderSpi();

    /**
     * The reader refuses files that it would expand by more, also those of one colour, which take 40 bytes at
     * any size.
     */
    private static final int READERS_RATIO = 2048;

    private static final int LARGEST_PIXEL = 4;

    private WebpDecoder() {}

    /** @throws IndexOutOfBoundsException if a header is cut off */
    static RgbImage decode(byte[] data, Path name, ImageReadOptions options) throws IOException {
        ImageLimits limits = options.limits();
        WebpChunks chunks = new WebpChunks(data, name);
        int width = chunks.canvasWidth();
        int height = chunks.canvasHeight();
        limits.checkSize(name, width, height);
        long pixels = (long) width * height;
        limits.checkContent(name, width, height, chunks.codedBytes(), pixels / ImageLimits.BLANK_RATIO);
        ImageInputStream in = new ByteArrayImageInput(
                chunks.withoutProfile(), Math.max(data.length, pixels * LARGEST_PIXEL / READERS_RATIO + 1));
        RgbImage frame =
                ImageIoDecoder.decode(READERS.createReaderInstance(), "WebP", in, name, limits, RasterPixels::rgb);
        return options.exif().orient(onCanvas(frame, chunks), chunks.orientation());
    }

    private static RgbImage onCanvas(RgbImage frame, WebpChunks chunks) {
        int width = chunks.canvasWidth();
        int height = chunks.canvasHeight();
        if (frame.width() == width && frame.height() == height) return frame;
        byte[] rgb = new byte[width * height * Resizer.CHANNELS];
        int rowBytes = frame.width() * Resizer.CHANNELS;
        for (int y = 0; y < frame.height(); y++) {
            int to = ((chunks.top() + y) * width + chunks.left()) * Resizer.CHANNELS;
            System.arraycopy(frame.pixels(), y * rowBytes, rgb, to, rowBytes);
        }
        return new RgbImage(width, height, rgb);
    }
}
