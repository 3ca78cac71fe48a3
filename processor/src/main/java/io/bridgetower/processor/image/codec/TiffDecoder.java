package io.bridgetower.processor.image.codec;

import io.bridgetower.processor.image.raster.ExifOrientation;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.nio.file.Path;

/** Decodes the first page of a TIFF file through the JDK's reader, and turns its samples into RGB as Pillow does. */
final class TiffDecoder {
    private TiffDecoder() {}

    /** @throws IndexOutOfBoundsException if the first directory does not lie inside the file */
    static RgbImage decode(byte[] data, Path name, ImageReadOptions options) throws IOException {
        ImageLimits limits = options.limits();
        TiffDirectory directory = new TiffDirectory(data, name);
        directory.checkContent(limits);
        RgbImage stored =
                ImageIoDecoder.decodeByJdk("tiff", data, name, limits, image -> RasterPixels.rgb(image, directory));
        return options.exif().orient(stored, ExifOrientation.find(data, 0, data.length));
    }
}
