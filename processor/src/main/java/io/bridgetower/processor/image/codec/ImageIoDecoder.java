package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Decodes through a reader of {@code javax.imageio}, whose many ways to fail become one exception. */
final class ImageIoDecoder {
    private ImageIoDecoder() {}

    /** The first image of a file, as {@link #decode} with the reader that the JDK has for the format. */
    static RgbImage decodeByJdk(
            String format, byte[] data, Path name, ImageLimits limits, Function<BufferedImage, byte[]> pixels)
            throws IOException {
        ImageReader reader = reader(format);
        if (reader == null) throw new IOException(name + ": no reader for " + format + " is registered");
        return decode(reader, format, new ByteArrayImageInput(data), name, limits, pixels);
    }

    /** The first image of a file, whose samples {@code pixels} turns into RGB. The reader and its input are closed. */
    static RgbImage decode(
            ImageReader reader,
            String format,
            ImageInputStream in,
            Path name,
            ImageLimits limits,
            Function<BufferedImage, byte[]> pixels)
            throws IOException {
        try (in) {
            reader.setInput(in, true, true);
            limits.checkSize(name, reader.getWidth(0), reader.getHeight(0));
            limits.checkSize(name, reader.getTileWidth(0), reader.getTileHeight(0));
            BufferedImage image = reader.read(0);
            return new RgbImage(image.getWidth(), image.getHeight(), pixels.apply(image));
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new MalformedFileException(name, null, "damaged or truncated " + format + ": " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /** The JDK's reader where it has one, even if an application has registered others. */
    private static ImageReader reader(String format) {
        ImageReader found = null;
        for (Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format); readers.hasNext(); ) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) return reader;
            if (found == null) found = reader;
        }
        return found;
    }
}
