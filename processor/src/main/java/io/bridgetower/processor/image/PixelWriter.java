package io.bridgetower.processor.image;

import io.bridgetower.engine.Tensor;
import io.bridgetower.processor.image.raster.Resizer;
import io.bridgetower.processor.image.raster.RgbImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The end of the pipeline: centre crop, rescale, normalize and pad, in one walk over the result. A byte can only become
 * one of 256 floats per channel, so those are computed once.
 */
final class PixelWriter {
    private static final int CHANNELS = Resizer.CHANNELS;

    private final boolean crop;
    private final ChannelOrder order;
    private final float[][] values = new float[CHANNELS][256];

    PixelWriter(ImageProcessorConfig options) {
        crop = options.doCenterCrop();
        order = options.channelOrder();
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int sample = 0; sample < 256; sample++) values[channel][sample] = value(options, channel, sample);
        }
    }

    /** The reference rescales in double precision, rounds, and normalizes in single precision. */
    private static float value(ImageProcessorConfig options, int channel, int sample) {
        if (!options.doRescale()) return options.doNormalize() ? unscaled(options, channel, sample) : sample;
        float value = (float) (sample * options.rescaleFactor());
        if (!options.doNormalize()) return value;
        return (value - (float) channel(options.imageMean(), channel)) / (float) channel(options.imageStd(), channel);
    }

    /**
     * Bytes that were not rescaled are normalized by the reference as bytes: mean and deviation lose their fraction,
     * and a difference below zero wraps around.
     */
    private static float unscaled(ImageProcessorConfig options, int channel, int sample) {
        int mean = wholeByte("image_mean", channel(options.imageMean(), channel), 0);
        int deviation = wholeByte("image_std", channel(options.imageStd(), channel), 1);
        return (float) ((double) (sample - mean & 0xff) / deviation);
    }

    private static int wholeByte(String field, double value, int least) {
        int whole = (int) value;
        if (whole < least || whole > 255) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%s: without rescaling expected %d to 255, found %s", field, least, value));
        }
        return whole;
    }

    private static double channel(List<Double> values, int channel) {
        return values.get(values.size() == 1 ? 0 : channel);
    }

    /**
     * Writes one image.
     *
     * @param size what the image fills of the tensors, from the top left; the rest stays zero
     */
    void write(RgbImage image, TargetSize size, Tensor pixels, Tensor mask) {
        // The reference's crop and its padding of smaller images come down to one offset, rounded down.
        int top = crop ? Math.floorDiv(image.height() - size.height(), 2) : 0;
        int left = crop ? Math.floorDiv(image.width() - size.width(), 2) : 0;
        int height = mask.dim(1);
        int width = mask.dim(2);
        float[] ones = new float[size.width()];
        Arrays.fill(ones, 1);
        byte[] row = new byte[size.width() * CHANNELS];
        float[] line = new float[size.width() * CHANNELS];
        for (int y = 0; y < size.height(); y++) {
            cut(image, top + y, left, row);
            if (order == ChannelOrder.CHANNELS_LAST) {
                for (int i = 0; i < row.length; i++) line[i] = values[i % CHANNELS][row[i] & 0xff];
                copy(line, row.length, pixels.segment(), (long) y * width * CHANNELS);
            } else {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    for (int x = 0; x < size.width(); x++)
                        line[x] = values[channel][row[x * CHANNELS + channel] & 0xff];
                    copy(line, size.width(), pixels.segment(), ((long) channel * height + y) * width);
                }
            }
            copy(ones, ones.length, mask.segment(), (long) y * width);
        }
    }

    /** A run of one row, zero where it leaves the image. */
    private static void cut(RgbImage image, int y, int left, byte[] row) {
        Arrays.fill(row, (byte) 0);
        if (y < 0 || y >= image.height()) return;
        int begin = Math.max(left, 0);
        int end = Math.min(left + row.length / CHANNELS, image.width());
        if (begin >= end) return;
        System.arraycopy(
                image.pixels(),
                (y * image.width() + begin) * CHANNELS,
                row,
                (begin - left) * CHANNELS,
                (end - begin) * CHANNELS);
    }

    private static void copy(float[] from, int count, MemorySegment to, long index) {
        MemorySegment.copy(from, 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES, count);
    }
}
