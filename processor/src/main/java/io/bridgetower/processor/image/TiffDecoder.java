package io.bridgetower.processor.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/** Decodes the first page of a TIFF file through the JDK's reader, and turns its samples into RGB as Pillow does. */
final class TiffDecoder {
    private TiffDecoder() {}

    /** @throws IndexOutOfBoundsException if the first directory does not lie inside the file */
    static RgbImage decode(byte[] data, Path name, ImageLimits limits) throws IOException {
        TiffDirectory directory = TiffDirectory.read(data, name);
        BufferedImage image = ImageIoDecoder.read("tiff", data, name, limits);
        RgbImage stored = new RgbImage(image.getWidth(), image.getHeight(), pixels(image, directory));
        return ExifOrientation.apply(stored, ExifOrientation.find(data, 0, data.length));
    }

    private static byte[] pixels(BufferedImage image, TiffDirectory directory) {
        int bands = image.getRaster().getNumBands();
        if (directory.photometric() == TiffDirectory.PALETTE && directory.palette() != null && bands == 1) {
            return RasterPixels.indexed(image, directory.palette());
        }
        // With 16 bits, the JDK takes the black ink for transparency.
        if (directory.photometric() == TiffDirectory.CMYK && bands == 4) return RasterPixels.inks(image);
        return RasterPixels.rgb(image);
    }
}
