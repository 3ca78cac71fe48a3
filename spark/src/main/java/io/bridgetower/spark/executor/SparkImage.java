package io.bridgetower.spark.executor;

import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import org.apache.spark.sql.Row;

/** The pixels of Spark's source {@code image}: blue, green, red from left to right, with alpha behind them if there is any. */
final class SparkImage {
    private static final String[] FIELDS = {"width", "height", "nChannels", "data"};

    private SparkImage() {}

    /** @throws IOException if a field is missing, it is an image that Spark could not read, or its size is not that of its pixels */
    static RgbImage decode(Row image, String name) throws IOException {
        for (String field : FIELDS) {
            if (image.isNullAt(image.fieldIndex(field))) throw new IOException(name + ": an image without " + field);
        }
        int width = image.<Integer>getAs("width"),
                height = image.<Integer>getAs("height"),
                channels = image.<Integer>getAs("nChannels");
        byte[] data = image.getAs("data");
        if (width < 1 || height < 1) throw new IOException(name + ": an image that Spark could not read");
        boolean known = channels == 1 || channels == 3 || channels == 4;
        if (!known || data.length != (long) width * height * channels) {
            throw new IOException(name + ": expected " + width + " x " + height + " pixels of 1, 3 or 4 bytes, found "
                    + channels + " bytes a pixel and " + data.length + " in all");
        }
        byte[] rgb = new byte[width * height * 3];
        for (int from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
            for (int i = 0; i < 3; i++) rgb[to + i] = data[channels == 1 ? from : from + 2 - i];
        }
        return RgbImage.of(width, height, rgb);
    }
}
