package io.bridgetower.processor.image;

import io.bridgetower.engine.MalformedFileException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes through a reader of {@code javax.imageio}, whose many ways to fail become one exception. */
final class ImageIoDecoder {
    private ImageIoDecoder() {}

    /** The first picture of a file of the given format. */
    static BufferedImage read(String format, byte[] data, Path name, ImageLimits limits) throws IOException {
        ImageReader reader = reader(format);
        if (reader == null) throw new MalformedFileException(name, null, "no decoder for " + format);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(data))) {
            reader.setInput(in, true, true);
            limits.checkSize(name, reader.getWidth(0), reader.getHeight(0));
            limits.checkSize(name, reader.getTileWidth(0), reader.getTileHeight(0));
            return reader.read(0);
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new MalformedFileException(name, null, "damaged or truncated " + format + ": " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /** The JDK's reader where it has one, whatever else an application has registered. */
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
