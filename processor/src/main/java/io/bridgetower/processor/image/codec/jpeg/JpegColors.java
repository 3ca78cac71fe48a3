package io.bridgetower.processor.image.codec.jpeg;

import io.bridgetower.processor.image.raster.Cmyk;
import io.bridgetower.processor.image.raster.ResampleKernel;
import io.bridgetower.processor.image.raster.Resizer;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** How the components of a JPEG file become RGB, in libjpeg's fixed point. */
enum JpegColors {
    GREY {
        @Override
        void toRgb(byte[][] rows, int[] from, int width, byte[] rgb, int to) {
            interleave(rows[0], from[0], rows[0], from[0], rows[0], from[0], 0, width, rgb, to);
        }
    },
    RGB {
        @Override
        void toRgb(byte[][] rows, int[] from, int width, byte[] rgb, int to) {
            interleave(rows[0], from[0], rows[1], from[1], rows[2], from[2], 0, width, rgb, to);
        }
    },
    YCC {
        @Override
        void toRgb(byte[][] rows, int[] from, int width, byte[] rgb, int to) {
            int x = 0;
            // A vector of RGB is followed by garbage, which the next one or the next row overwrites.
            int bound = Math.min(width - LANES, Math.floorDiv(rgb.length - to - PACKED.length(), CHANNELS));
            for (; x <= bound; x += LANES) {
                convert(rows[0], from[0] + x, rows[1], from[1] + x, rows[2], from[2] + x, rgb, to + x * CHANNELS);
            }
            for (; x < width; x++) {
                put(rgb, to + x * CHANNELS, color(rows[0][from[0] + x], rows[1][from[1] + x], rows[2][from[2] + x]));
            }
        }
    },
    /** Four inks, stored inverted as Adobe does. */
    CMYK {
        @Override
        void toRgb(byte[][] rows, int[] from, int width, byte[] rgb, int to) {
            for (int x = 0; x < width; x++) {
                put(
                        rgb,
                        to + x * CHANNELS,
                        Cmyk.rgb(
                                ink(rows, from, 0, x),
                                ink(rows, from, 1, x),
                                ink(rows, from, 2, x),
                                ink(rows, from, 3, x)));
            }
        }
    },
    /** {@link #CMYK} with the inverse of its first three inks taken as RGB and stored as {@link #YCC}. */
    YCCK {
        @Override
        void toRgb(byte[][] rows, int[] from, int width, byte[] rgb, int to) {
            for (int x = 0; x < width; x++) {
                int inks = color(rows[0][from[0] + x], rows[1][from[1] + x], rows[2][from[2] + x]);
                put(rgb, to + x * CHANNELS, Cmyk.rgb(inks >> 16, inks >> 8 & 0xff, inks & 0xff, ink(rows, from, 3, x)));
            }
        }
    };

    private static final int CHANNELS = Resizer.CHANNELS;
    private static final VectorSpecies<Integer> INTS = ResampleKernel.INTS;
    private static final VectorSpecies<Byte> BYTES = ResampleKernel.BYTES;
    private static final int LANES = INTS.length();
    private static final VectorSpecies<Byte> PACKED = INTS.withLanes(byte.class);

    /** ITU-R BT.601 in 16-bit fixed point. */
    private static final int SHIFT = 16;

    private static final int HALF = 1 << SHIFT - 1;
    private static final int CENTER = 128;
    private static final int RED_OF_CR = 91881;
    private static final int GREEN_OF_CR = 46802;
    private static final int GREEN_OF_CB = 22554;
    private static final int BLUE_OF_CB = 116130;

    /** Drops the fourth byte of each lane of {@link #INTS}. */
    private static final VectorShuffle<Byte> COMPACT =
            VectorShuffle.fromOp(PACKED, i -> i < LANES * CHANNELS ? i / CHANNELS * Integer.BYTES + i % CHANNELS : 0);

    /**
     * Converts one row of the image.
     *
     * @param rows an array for each component
     * @param from where the row begins in each of them
     */
    abstract void toRgb(byte[][] rows, int[] from, int width, byte[] rgb, int to);

    private static int ink(byte[][] rows, int[] from, int component, int x) {
        return 255 - (rows[component][from[component] + x] & 0xff);
    }

    private static int color(byte luma, byte blueness, byte redness) {
        int y = luma & 0xff;
        int cb = (blueness & 0xff) - CENTER;
        int cr = (redness & 0xff) - CENTER;
        int red = y + (RED_OF_CR * cr + HALF >> SHIFT);
        int green = y + (HALF - GREEN_OF_CB * cb - GREEN_OF_CR * cr >> SHIFT);
        int blue = y + (BLUE_OF_CB * cb + HALF >> SHIFT);
        return Math.clamp(red, 0, 255) << 16 | Math.clamp(green, 0, 255) << 8 | Math.clamp(blue, 0, 255);
    }

    private static void convert(
            byte[] lumas, int lumaAt, byte[] cbs, int cbAt, byte[] crs, int crAt, byte[] rgb, int to) {
        IntVector y = widen(lumas, lumaAt);
        IntVector cb = widen(cbs, cbAt).sub(CENTER);
        IntVector cr = widen(crs, crAt).sub(CENTER);
        IntVector red = y.add(cr.mul(RED_OF_CR).add(HALF).lanewise(VectorOperators.ASHR, SHIFT));
        IntVector green =
                y.add(cb.mul(-GREEN_OF_CB).sub(cr.mul(GREEN_OF_CR)).add(HALF).lanewise(VectorOperators.ASHR, SHIFT));
        IntVector blue = y.add(cb.mul(BLUE_OF_CB).add(HALF).lanewise(VectorOperators.ASHR, SHIFT));
        IntVector pixels = clip(red)
                .or(clip(green).lanewise(VectorOperators.LSHL, 8))
                .or(clip(blue).lanewise(VectorOperators.LSHL, 16));
        pixels.reinterpretAsBytes().rearrange(COMPACT).intoArray(rgb, to);
    }

    private static void interleave(
            byte[] reds,
            int redAt,
            byte[] greens,
            int greenAt,
            byte[] blues,
            int blueAt,
            int begin,
            int width,
            byte[] rgb,
            int to) {
        for (int x = begin; x < width; x++) {
            rgb[to + x * CHANNELS] = reds[redAt + x];
            rgb[to + x * CHANNELS + 1] = greens[greenAt + x];
            rgb[to + x * CHANNELS + 2] = blues[blueAt + x];
        }
    }

    private static IntVector widen(byte[] samples, int at) {
        return (IntVector)
                ByteVector.fromArray(BYTES, samples, at).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    private static IntVector clip(IntVector values) {
        return values.max(0).min(255);
    }

    private static void put(byte[] rgb, int at, int color) {
        rgb[at] = (byte) (color >> 16);
        rgb[at + 1] = (byte) (color >> 8);
        rgb[at + 2] = (byte) color;
    }
}
