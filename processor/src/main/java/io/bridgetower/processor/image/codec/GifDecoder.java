package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.Resizer;
import io.bridgetower.processor.image.raster.RgbImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Decodes the first frame of a GIF on its whole screen, as Pillow shows it: what the frame leaves free takes the
 * transparent index, or index 0.
 *
 * <p>The JDK's reader gives the frame without its screen, after setting memory aside for what the header claims, in as
 * few bits as its palette needs: indices beyond, which are greys to Pillow, are gone. All that could be left to it is
 * the decompression.
 */
final class GifDecoder {
    private static final int LOGICAL_SCREEN = 6;
    private static final int HAS_PALETTE = 0x80;
    private static final int INTERLACED = 0x40;

    /** First row and row step of the four passes of an interlaced frame. */
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private static final int[][] ONE_PASS = {{0, 1}};

    private final ByteBuffer in;
    private final Path name;
    private final ImageLimits limits;
    private final int[] palette = new int[256];
    private int transparent;

    GifDecoder(byte[] data, Path name, ImageLimits limits) {
        this.in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        this.name = name;
        this.limits = limits;
        for (int i = 0; i < palette.length; i++) palette[i] = 0x010101 * i;
    }

    /** @throws IndexOutOfBoundsException if the data end early */
    RgbImage decode() throws MalformedFileException {
        int screenWidth = unsigned16(LOGICAL_SCREEN);
        int screenHeight = unsigned16(LOGICAL_SCREEN + 2);
        int flags = in.get(LOGICAL_SCREEN + 4);
        in.position(LOGICAL_SCREEN + 7);
        if ((flags & HAS_PALETTE) != 0) readPalette(flags);
        findFrame();
        int at = in.position();
        int left = unsigned16(at);
        int top = unsigned16(at + 2);
        int width = unsigned16(at + 4);
        int height = unsigned16(at + 6);
        int frameFlags = in.get(at + 8);
        in.position(at + 9);
        if ((frameFlags & HAS_PALETTE) != 0) readPalette(frameFlags);
        int canvasWidth = Math.max(screenWidth, left + width);
        int canvasHeight = Math.max(screenHeight, top + height);
        limits.checkSize(name, width, height);
        limits.checkSize(name, canvasWidth, canvasHeight);
        long coded = GifLzw.codedBytes(in);
        long least = (long) canvasWidth * canvasHeight / GifLzw.LARGEST_RATIO;
        limits.checkContent(name, canvasWidth, canvasHeight, coded, least);
        byte[] row = new byte[width];
        if (limits.isDoubtful(canvasWidth, canvasHeight, coded)) {
            GifLzw frame = new GifLzw(in.duplicate(), name);
            for (int y = 0; y < height; y++) frame.read(row);
        }
        byte[] rgb = new byte[canvasWidth * canvasHeight * Resizer.CHANNELS];
        if (width != canvasWidth || height != canvasHeight) fill(rgb, palette[transparent]);
        GifLzw frame = new GifLzw(in, name);
        for (int[] pass : (frameFlags & INTERLACED) != 0 ? PASSES : ONE_PASS) {
            for (int y = pass[0]; y < height; y += pass[1]) {
                frame.read(row);
                int to = ((top + y) * canvasWidth + left) * Resizer.CHANNELS;
                for (int x = 0; x < width; x++, to += Resizer.CHANNELS) put(rgb, to, palette[row[x] & 0xff]);
            }
        }
        return new RgbImage(canvasWidth, canvasHeight, rgb);
    }

    private int unsigned16(int at) {
        return in.getShort(at) & 0xffff;
    }

    private void readPalette(int flags) {
        int entries = 2 << (flags & 7);
        int at = in.position();
        for (int i = 0; i < entries; i++, at += Resizer.CHANNELS) {
            palette[i] = (in.get(at) & 0xff) << 16 | (in.get(at + 1) & 0xff) << 8 | in.get(at + 2) & 0xff;
        }
        in.position(at);
    }

    private void findFrame() throws MalformedFileException {
        while (in.hasRemaining()) {
            int block = in.get();
            if (block == ',') return;
            if (block == ';') break;
            if (block != '!' || !in.hasRemaining()) continue;
            boolean control = (in.get() & 0xff) == 0xf9;
            for (int length = next(); length > 0; length = next()) {
                if (control && length >= 4 && (in.get(in.position()) & 1) != 0) {
                    transparent = in.get(in.position() + 3) & 0xff;
                }
                skip(length);
            }
        }
        throw new MalformedFileException(name, null, "GIF: no image before the end");
    }

    private int next() {
        return in.hasRemaining() ? in.get() & 0xff : 0;
    }

    private void skip(int length) {
        in.position(Math.min(in.position() + length, in.limit()));
    }

    private static void fill(byte[] rgb, int color) {
        for (int at = 0; at < rgb.length; at += Resizer.CHANNELS) put(rgb, at, color);
    }

    private static void put(byte[] rgb, int at, int color) {
        rgb[at] = (byte) (color >> 16);
        rgb[at + 1] = (byte) (color >> 8);
        rgb[at + 2] = (byte) color;
    }
}
