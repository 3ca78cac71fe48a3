package io.bridgetower.processor.image.raster;

/** Ink to light, without a colour profile: Pillow's formula. */
public final class Cmyk {
    private Cmyk() {}

    /** A colour as 0xRRGGBB from four inks of 0 (none) to 255 (full). */
    public static int rgb(int cyan, int magenta, int yellow, int black) {
        int light = 255 - black;
        return channel(cyan, light) << 16 | channel(magenta, light) << 8 | channel(yellow, light);
    }

    private static int channel(int ink, int light) {
        // A division by 255 that rounds: exact for products of two bytes.
        int product = ink * light + 128;
        return Math.max(light - ((product >> 8) + product >> 8), 0);
    }
}
