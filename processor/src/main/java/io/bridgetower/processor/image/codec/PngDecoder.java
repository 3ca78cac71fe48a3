package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.image.raster.ExifOrientation;
import io.bridgetower.processor.image.raster.ImageLimits;
import io.bridgetower.processor.image.raster.Resizer;
import io.bridgetower.processor.image.raster.RgbImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes PNG: every colour type and depth, interlaced or not.
 *
 * <p>The JDK's reader sets memory aside for what chunks claim as their lengths, looks at no checksum, fills palettes up
 * with black where Pillow has greys, and does not tell the orientation: the walk over the chunks would be needed all the
 * same, and inflating is left to the JDK as it is.
 */
final class PngDecoder {
    private static final int SIGNATURE_BYTES = 8;
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504c5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;
    private static final int EXIF = 0x65584966;

    /** Deflate cannot expand by more. */
    static final long LARGEST_RATIO = 1032;

    /** Adam7: first column, first row, column step, row step of each pass. */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private final byte[] data;
    private final Path name;
    private final ImageLimits limits;
    private final List<ByteBuffer> compressed = new ArrayList<>();
    private final int[] palette = new int[256];
    private int orientation = ExifOrientation.NORMAL;
    private PngHeader header;

    PngDecoder(byte[] data, Path name, ImageLimits limits) {
        this.data = data;
        this.name = name;
        this.limits = limits;
        for (int i = 0; i < palette.length; i++) palette[i] = 0x010101 * i;
    }

    RgbImage decode(Exif exif) throws MalformedFileException {
        readChunks();
        if (header == null) throw malformed("IHDR", "the chunk is missing");
        long available = 0;
        for (ByteBuffer chunk : compressed) available += chunk.remaining();
        long rowBytes = header.rowBytes(header.width());
        limits.checkContent(
                name, header.width(), header.height(), available, header.height() * rowBytes / LARGEST_RATIO);
        if (limits.isDoubtful(header.width(), header.height(), available)) checkLength();
        byte[] rgb = new byte[header.width() * header.height() * Resizer.CHANNELS];
        try (Inflater inflater = new Inflater()) {
            for (int[] pass : passes()) readPass(inflater, pass, rgb);
        } catch (DataFormatException e) {
            throw damaged(e);
        }
        return exif.orient(new RgbImage(header.width(), header.height(), rgb), orientation);
    }

    private void readChunks() throws MalformedFileException {
        ByteBuffer in = ByteBuffer.wrap(data).position(SIGNATURE_BYTES);
        while (in.remaining() >= 8) {
            int length = in.getInt();
            int type = in.getInt();
            if (length < 0) throw malformed("chunk", "a length of " + (length & 0xffffffffL) + " bytes");
            boolean whole = length <= in.remaining() - 4;
            ByteBuffer body = in.slice(in.position(), Math.min(length, in.remaining()));
            if (header == null && type != IHDR) throw malformed("IHDR", "the chunk is missing");
            if (whole && critical(type)) checkSum(in.position() - 4, length + 4);
            if (type == IHDR && header == null) header = PngHeader.read(body, name, limits);
            else if (type == PLTE && whole) readPalette(body);
            else if (type == IDAT) compressed.add(body);
            else if (type == EXIF && whole) {
                orientation = ExifOrientation.find(data, in.position(), length);
            }
            if (!whole || type == IEND) return;
            in.position(in.position() + length + 4);
        }
    }

    private static boolean critical(int type) {
        return (type & 0x20000000) == 0;
    }

    private void checkSum(int from, int length) throws MalformedFileException {
        CRC32 crc = new CRC32();
        crc.update(data, from, length);
        if ((int) crc.getValue() != ByteBuffer.wrap(data).getInt(from + length)) {
            throw malformed(new String(data, from, 4, StandardCharsets.ISO_8859_1), "damaged: the checksum differs");
        }
    }

    private void readPalette(ByteBuffer body) {
        int entries = Math.min(body.remaining() / Resizer.CHANNELS, palette.length);
        for (int i = 0; i < entries; i++) {
            palette[i] = (body.get() & 0xff) << 16 | (body.get() & 0xff) << 8 | body.get() & 0xff;
        }
    }

    private int[][] passes() {
        return header.interlaced() ? PASSES : ONE_PASS;
    }

    private int columns(int[] pass) {
        return Math.ceilDiv(header.width() - pass[0], pass[2]);
    }

    private int rows(int[] pass) {
        return Math.ceilDiv(header.height() - pass[1], pass[3]);
    }

    /** Inflates everything once, to see whether all rows are there. */
    private void checkLength() throws MalformedFileException {
        long missing = 0;
        for (int[] pass : passes()) {
            if (columns(pass) > 0) missing += (long) Math.max(rows(pass), 0) * (1 + header.rowBytes(columns(pass)));
        }
        byte[] buffer = new byte[1 << 14];
        try (Inflater inflater = new Inflater()) {
            for (ByteBuffer chunk : compressed) {
                inflater.setInput(chunk.duplicate());
                while (!inflater.needsInput() && !inflater.finished() && !inflater.needsDictionary() && missing > 0) {
                    missing -= inflater.inflate(buffer);
                }
            }
        } catch (DataFormatException e) {
            throw damaged(e);
        }
        if (missing > 0)
            throw malformed("IDAT", String.format(Locale.ROOT, "truncated: the last %d bytes are missing", missing));
    }

    private void readPass(Inflater inflater, int[] pass, byte[] rgb)
            throws DataFormatException, MalformedFileException {
        int columns = columns(pass);
        int rows = rows(pass);
        if (columns < 1 || rows < 1) return;
        int rowBytes = header.rowBytes(columns);
        // One byte of filter type, then the row.
        byte[] current = new byte[1 + rowBytes];
        byte[] previous = new byte[1 + rowBytes];
        for (int y = 0; y < rows; y++) {
            fill(inflater, current);
            unfilter(current, previous);
            int at = ((pass[1] + y * pass[3]) * header.width() + pass[0]) * Resizer.CHANNELS;
            header.toRgb(current, 1, columns, palette, rgb, at, pass[2] * Resizer.CHANNELS);
            byte[] swap = previous;
            previous = current;
            current = swap;
        }
    }

    private void fill(Inflater inflater, byte[] row) throws DataFormatException, MalformedFileException {
        for (int at = 0; at < row.length; ) {
            int count = inflater.inflate(row, at, row.length - at);
            at += count;
            if (count > 0) continue;
            if (inflater.finished() || inflater.needsDictionary() || compressed.isEmpty()) {
                throw malformed("IDAT", "truncated");
            }
            inflater.setInput(compressed.removeFirst());
        }
    }

    private void unfilter(byte[] row, byte[] above) throws MalformedFileException {
        int step = header.filterStep();
        switch (row[0]) {
            case 0 -> {}
            case 1 -> {
                for (int i = 1 + step; i < row.length; i++) row[i] += row[i - step];
            }
            case 2 -> {
                for (int i = 1; i < row.length; i++) row[i] += above[i];
            }
            case 3 -> {
                for (int i = 1; i < row.length; i++) {
                    int left = i > step ? row[i - step] & 0xff : 0;
                    row[i] += (byte) (left + (above[i] & 0xff) >> 1);
                }
            }
            case 4 -> {
                for (int i = 1; i < row.length; i++) {
                    int left = i > step ? row[i - step] & 0xff : 0;
                    int corner = i > step ? above[i - step] & 0xff : 0;
                    row[i] += (byte) paeth(left, above[i] & 0xff, corner);
                }
            }
            default -> throw malformed("IDAT", "a row filter of type " + (row[0] & 0xff));
        }
    }

    private static int paeth(int left, int above, int corner) {
        int toLeft = Math.abs(above - corner);
        int toAbove = Math.abs(left - corner);
        int toCorner = Math.abs(left + above - 2 * corner);
        if (toLeft <= toAbove && toLeft <= toCorner) return left;
        return toAbove <= toCorner ? above : corner;
    }

    private MalformedFileException damaged(DataFormatException e) {
        return new MalformedFileException(name, "IDAT", "damaged: " + e.getMessage(), e);
    }

    private MalformedFileException malformed(String field, String problem) {
        return new MalformedFileException(name, field, problem);
    }
}
