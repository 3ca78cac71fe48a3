package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.Resizer;
import io.bridgetower.processor.image.raster.RgbImage;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Decodes the first image of a PBM, PGM or PPM file, binary or plain. As with Pillow, samples are scaled from the
 * largest value to 255, greys of more than 8 bits are scaled to 65535 and saturate at 255, and a comment does not end a
 * number.
 */
final class NetpbmDecoder {
    private static final int LONGEST_NUMBER = 10;
    private static final int MAX_SAMPLES = 1 << 16;
    private static final int END = -1;

    private final byte[] data;
    private final Path name;
    private final ImageLimits limits;
    private final boolean plain;
    private final boolean bits;
    private final int channels;
    private int largest;
    private int position = 2;

    NetpbmDecoder(byte[] data, Path name, ImageLimits limits) {
        this.data = data;
        this.name = name;
        this.limits = limits;
        plain = data[1] <= '3';
        bits = data[1] == '1' || data[1] == '4';
        channels = data[1] == '3' || data[1] == '6' ? Resizer.CHANNELS : 1;
    }

    /** Whether a file begins with P, a digit from 1 to 6 and white space. */
    static boolean accepts(byte[] data) {
        return data.length > 2 && data[0] == 'P' && data[1] >= '1' && data[1] <= '6' && isSpace(data[2]);
    }

    RgbImage decode() throws MalformedFileException {
        long width = number("width");
        long height = number("height");
        limits.checkSize(name, width, height);
        if (!bits) {
            long maximum = number("maxval");
            if (maximum < 1 || maximum >= MAX_SAMPLES) {
                throw malformed("maxval", "expected 1 to 65535, found " + maximum);
            }
            largest = (int) maximum;
        }
        checkLength(width, height);
        byte[] rgb = new byte[(int) (width * height) * Resizer.CHANNELS];
        if (bits) readBits((int) width, rgb);
        else readSamples(rgb);
        return new RgbImage((int) width, (int) height, rgb);
    }

    /** The plain forms have a digit for each bit, and a digit and a space for each sample, or more. */
    private void checkLength(long width, long height) throws MalformedFileException {
        long samples = width * height * channels;
        long needed;
        if (bits) needed = plain ? samples : height * Math.ceilDiv(width, (long) Byte.SIZE);
        else if (plain) needed = 2 * samples - 1;
        else needed = samples * sampleBytes();
        long found = data.length - position;
        if (found < needed) {
            throw malformed(
                    "pixels",
                    String.format(
                            Locale.ROOT, "truncated: found %d bytes, %d x %d need %d", found, width, height, needed));
        }
    }

    private int sampleBytes() {
        return largest < 256 ? 1 : 2;
    }

    private void readBits(int width, byte[] rgb) throws MalformedFileException {
        int bit = 0;
        for (int at = 0, x = 0; at < rgb.length; at += Resizer.CHANNELS, x++) {
            if (plain) {
                bit = plainBit();
            } else {
                if (x == width) x = 0;
                if (x % Byte.SIZE == 0) position++;
                bit = data[position - 1] >> (Byte.SIZE - 1 - x % Byte.SIZE) & 1;
            }
            if (bit == 0) rgb[at] = rgb[at + 1] = rgb[at + 2] = (byte) 255;
        }
    }

    private int plainBit() throws MalformedFileException {
        int next = next();
        while (isSpace(next)) next = next();
        if (next != '0' && next != '1')
            throw malformed("pixels", next == END ? "truncated" : "a bit is neither 0 nor 1");
        return next - '0';
    }

    private void readSamples(byte[] rgb) throws MalformedFileException {
        if (!plain && channels == Resizer.CHANNELS && largest == 255) {
            System.arraycopy(data, position, rgb, 0, rgb.length);
            return;
        }
        byte[] levels = levels();
        int repeat = Resizer.CHANNELS / channels;
        for (int at = 0; at < rgb.length; ) {
            byte level = levels[plain ? plainSample() : binarySample()];
            for (int i = 0; i < repeat; i++) rgb[at++] = level;
        }
    }

    /** The byte that each sample becomes, with halves rounded to even numbers. */
    private byte[] levels() {
        byte[] levels = new byte[sampleBytes() == 1 ? 256 : MAX_SAMPLES];
        int scale = sampleBytes() == 2 && channels == 1 ? MAX_SAMPLES - 1 : 255;
        for (int sample = 0; sample < levels.length; sample++) {
            levels[sample] = (byte) Math.min(Math.rint((double) sample / largest * scale), 255);
        }
        return levels;
    }

    private int plainSample() throws MalformedFileException {
        long sample = number("pixels");
        if (sample > largest)
            throw malformed("pixels", String.format(Locale.ROOT, "found %d, expected at most %d", sample, largest));
        return (int) sample;
    }

    private int binarySample() {
        int sample = data[position++] & 0xff;
        return sampleBytes() == 1 ? sample : sample << Byte.SIZE | data[position++] & 0xff;
    }

    /** A number, and the one character of white space behind it. */
    private long number(String field) throws MalformedFileException {
        int next = next();
        while (isSpace(next)) next = next();
        if (next == END) throw malformed(field, "truncated");
        long number = 0;
        for (int digits = 0; next != END && !isSpace(next); next = next()) {
            if (next < '0' || next > '9' || ++digits > LONGEST_NUMBER) {
                throw malformed(
                        field, String.format(Locale.ROOT, "expected a number of at most %d digits", LONGEST_NUMBER));
            }
            number = 10 * number + next - '0';
        }
        return number;
    }

    /** The next character that is not part of a comment, or {@link #END}. */
    private int next() {
        while (position < data.length && data[position] == '#') {
            while (position < data.length && data[position] != '\n' && data[position] != '\r') position++;
            position++;
        }
        return position < data.length ? data[position++] & 0xff : END;
    }

    private static boolean isSpace(int character) {
        return character == ' ' || character >= '\t' && character <= '\r';
    }

    private MalformedFileException malformed(String field, String problem) {
        return new MalformedFileException(name, field, problem);
    }
}
