package io.bridgetower.processor.image.codec;

import io.bridgetower.processor.image.raster.Cmyk;
import io.bridgetower.processor.image.raster.Resizer;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * Reads the stored samples of an AWT image and turns them into RGB bytes as Pillow would. {@link BufferedImage#getRGB}
 * converts between colour spaces (a linear grey becomes a lighter sRGB one), so it is the last resort.
 */
public final class RasterPixels {
    private static final int CHANNELS = Resizer.CHANNELS;

    private RasterPixels() {}

    public static byte[] rgb(BufferedImage image) {
        ColorModel colors = image.getColorModel();
        if (colors instanceof IndexColorModel palette) {
            int[] rgb = new int[palette.getMapSize()];
            palette.getRGBs(rgb);
            return indexed(image, rgb);
        }
        byte[] rgb = allocate(image);
        if (integers(colors) && knownSpace(colors) && !colors.isAlphaPremultiplied()) {
            samples(image.getRaster(), colors, rgb);
        } else if (isMultipliedBytes(colors)) {
            eachPixel(image.getRaster(), colors, rgb, RasterPixels::unmultiplied);
        } else if (isGrey(colors)) {
            numbers(image.getRaster(), rgb);
        } else {
            converted(image, rgb);
        }
        return rgb;
    }

    /** The samples of a page of TIFF: where its directory says more than the JDK's colour model, that counts. */
    public static byte[] rgb(BufferedImage image, TiffDirectory directory) {
        int bands = image.getRaster().getNumBands();
        if (directory.photometric() == TiffDirectory.PALETTE && directory.palette() != null && bands == 1) {
            return indexed(image, directory.palette());
        }
        // With 16 bits, the JDK takes the black ink for transparency.
        if (directory.photometric() == TiffDirectory.CMYK && bands == 4 && integers(image.getColorModel())) {
            return inks(image);
        }
        return rgb(image);
    }

    private static byte[] indexed(BufferedImage image, int[] palette) {
        byte[] rgb = allocate(image);
        Raster raster = image.getRaster();
        int[] row = new int[raster.getWidth()];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int index : row) at = put(rgb, at, index < palette.length ? palette[index] : 0);
        }
        return rgb;
    }

    private static byte[] inks(BufferedImage image) {
        byte[] rgb = allocate(image);
        eachPixel(image.getRaster(), image.getColorModel(), rgb, RasterPixels::ink);
        return rgb;
    }

    private static byte[] allocate(BufferedImage image) {
        return new byte[Math.multiplyExact(Math.multiplyExact(image.getWidth(), image.getHeight()), CHANNELS)];
    }

    private static boolean integers(ColorModel colors) {
        int type = colors.getTransferType();
        return colors instanceof DirectColorModel
                || colors instanceof ComponentColorModel
                        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT);
    }

    private static boolean knownSpace(ColorModel colors) {
        int type = colors.getColorSpace().getType();
        return type == ColorSpace.TYPE_RGB || type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_CMYK;
    }

    private static boolean isMultipliedBytes(ColorModel colors) {
        return colors.isAlphaPremultiplied()
                && integers(colors)
                && colors.getColorSpace().getType() == ColorSpace.TYPE_RGB
                && Arrays.stream(colors.getComponentSize()).allMatch(size -> size == Byte.SIZE);
    }

    private static boolean isGrey(ColorModel colors) {
        return colors.getNumComponents() == 1 && colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    }

    /** Greys that are no bytes are numbers to Pillow, which lose their fraction and saturate. */
    private static void numbers(Raster raster, byte[] rgb) {
        double[] row = new double[raster.getWidth()];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (double number : row) at = put(rgb, at, 0x010101 * (int) Math.clamp(number, 0, 255));
        }
    }

    private static void converted(BufferedImage image, byte[] rgb) {
        int[] row = new int[image.getWidth()];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int color : row) at = put(rgb, at, color);
        }
    }

    private static void samples(Raster raster, ColorModel colors, byte[] rgb) {
        if (plainBytes(raster, colors)) {
            interleavedBytes(raster, rgb);
            return;
        }
        int components = colors.getNumColorComponents();
        eachPixel(raster, colors, rgb, (row, at, largest) -> color(row, at, largest, components));
    }

    /** Turns the samples of one pixel, which begin at {@code at}, into a colour. */
    private interface PixelColor {
        int of(int[] samples, int at, int[] largest);
    }

    private static void eachPixel(Raster raster, ColorModel colors, byte[] rgb, PixelColor color) {
        int bands = raster.getNumBands();
        int[] largest = new int[bands];
        for (int band = 0; band < bands; band++) largest[band] = (1 << colors.getComponentSize(band)) - 1;
        int[] row = new int[raster.getWidth() * bands];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int i = 0; i < row.length; i += bands) at = put(rgb, at, color.of(row, i, largest));
        }
    }

    /** A colour of bytes that have been multiplied by their alpha. */
    private static int unmultiplied(int[] samples, int at, int[] largest) {
        int alpha = samples[at + CHANNELS];
        if (alpha == 0) return 0;
        int rgb = 0;
        for (int band = 0; band < CHANNELS; band++) rgb = rgb << 8 | Math.min(samples[at + band] * 255 / alpha, 255);
        return rgb;
    }

    private static int ink(int[] samples, int at, int[] largest) {
        return Cmyk.rgb(
                eight(samples, at, 0, largest),
                eight(samples, at, 1, largest),
                eight(samples, at, 2, largest),
                eight(samples, at, 3, largest));
    }

    private static boolean plainBytes(Raster raster, ColorModel colors) {
        return colors.getNumColorComponents() == CHANNELS
                && raster.getSampleModel() instanceof ComponentSampleModel
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getNumBanks() == 1
                && colors.getComponentSize(0) == Byte.SIZE;
    }

    private static void interleavedBytes(Raster raster, byte[] rgb) {
        ComponentSampleModel model = (ComponentSampleModel) raster.getSampleModel();
        DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
        byte[] data = buffer.getData();
        int origin = buffer.getOffset()
                + model.getOffset(
                        raster.getMinX() - raster.getSampleModelTranslateX(),
                        raster.getMinY() - raster.getSampleModelTranslateY(),
                        0)
                - model.getBandOffsets()[0];
        int red = model.getBandOffsets()[0];
        int green = model.getBandOffsets()[1];
        int blue = model.getBandOffsets()[2];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            int from = origin + y * model.getScanlineStride();
            for (int x = 0; x < raster.getWidth(); x++, from += model.getPixelStride(), at += CHANNELS) {
                rgb[at] = data[from + red];
                rgb[at + 1] = data[from + green];
                rgb[at + 2] = data[from + blue];
            }
        }
    }

    private static int color(int[] samples, int at, int[] largest, int components) {
        return switch (components) {
            case 1 -> 0x010101 * grey(samples[at], largest);
            case 4 -> ink(samples, at, largest);
            default ->
                eight(samples, at, 0, largest) << 16
                        | eight(samples, at, 1, largest) << 8
                        | eight(samples, at, 2, largest);
        };
    }

    /** A 16-bit grey without alpha is a number to Pillow, and saturates. */
    private static int grey(int sample, int[] largest) {
        return largest.length == 1 && largest[0] == 0xffff ? Math.min(sample, 255) : eight(sample, largest[0]);
    }

    private static int eight(int[] samples, int at, int band, int[] largest) {
        return eight(samples[at + band], largest[band]);
    }

    private static int eight(int sample, int largest) {
        return largest == 0xffff ? sample >> 8 : sample * 255 / largest;
    }

    private static int put(byte[] rgb, int at, int color) {
        rgb[at] = (byte) (color >> 16);
        rgb[at + 1] = (byte) (color >> 8);
        rgb[at + 2] = (byte) color;
        return at + CHANNELS;
    }
}
