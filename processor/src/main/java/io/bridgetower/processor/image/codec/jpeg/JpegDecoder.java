package io.bridgetower.processor.image.codec.jpeg;

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

/**
 * Decodes JPEG: baseline, extended and progressive with 8-bit samples and Huffman coding, to the same bytes as libjpeg
 * with its default settings. The JDK's decoder reads progressive files several times slower, and leaves the
 * orientation, CMYK and the size check to the caller anyway.
 */
public final class JpegDecoder {
    private static final int END = 0xd9;
    private static final int TABLES = 4;
    private static final int LARGEST_FACTOR = 4;
    private static final int LARGEST_MCU = 10;

    /** Far more than any encoder makes; each costs a walk over the image however few bytes it has. */
    private static final int MAX_SCANS = 256;

    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private final byte[] data;
    private final Path name;
    private final ImageLimits limits;
    private final JpegHuffman[] dcTables = new JpegHuffman[TABLES];
    private final JpegHuffman[] acTables = new JpegHuffman[TABLES];
    private final int[][] quantization = new int[TABLES][];
    private JpegFrame frame;
    private int restartInterval;
    private int scans;
    private boolean jfif;
    private boolean exifSeen;
    private int adobeTransform = -1;
    private int orientation = ExifOrientation.NORMAL;
    private int position;

    public JpegDecoder(byte[] data, Path name, ImageLimits limits) {
        this.data = data;
        this.name = name;
        this.limits = limits;
    }

    public RgbImage decode(Exif exif) throws MalformedFileException {
        position = 2;
        try {
            for (int marker = nextMarker(); marker != END; marker = nextMarker()) {
                if (marker == 0x01 || marker >= 0xd0 && marker <= 0xd8) continue;
                readSegment(marker);
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(name, null, "damaged JPEG: " + e.getMessage(), e);
        }
        if (frame == null || scans == 0) throw malformed("no image before the end");
        return exif.orient(toRgb(), orientation);
    }

    /** The next marker. A file whose rows are all there may do without the last one, {@link #END}. */
    private int nextMarker() throws MalformedFileException {
        while (position + 1 < data.length) {
            int marker = data[position + 1] & 0xff;
            if (data[position] == -1 && marker != 0 && marker != 0xff) {
                position += 2;
                return marker;
            }
            position++;
        }
        if (frame != null && frame.isComplete()) return END;
        throw malformed("truncated");
    }

    private void readSegment(int marker) throws MalformedFileException {
        int length = position + 2 > data.length ? 2 : (data[position] & 0xff) << 8 | data[position + 1] & 0xff;
        if (length < 2) throw malformed("a segment of length " + length);
        if (position + length > data.length) {
            // Whether anything is missing is up to nextMarker.
            position = data.length;
            return;
        }
        ByteBuffer body = ByteBuffer.wrap(data, position + 2, length - 2).slice();
        position += length;
        switch (marker) {
            case 0xc0, 0xc1, 0xc2 -> readFrame(body, marker == 0xc2);
            case 0xc4 -> readHuffmanTables(body);
            case 0xc3, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf ->
                throw malformed(String.format(
                        Locale.ROOT,
                        "lossless, hierarchical or arithmetic coding (marker %02x) is not supported",
                        marker));
            case 0xda -> readScan(body);
            case 0xdb -> readQuantization(body);
            case 0xdd -> restartInterval = unsigned16(body);
            case 0xe0 -> jfif |= startsWith(body, "JFIF\0".getBytes(StandardCharsets.ISO_8859_1));
            case 0xe1 -> readExif(body);
            case 0xee -> readAdobe(body);
            default -> {}
        }
    }

    private void readFrame(ByteBuffer body, boolean progressive) throws MalformedFileException {
        if (frame != null) throw malformed("two frames");
        int precision = unsigned8(body);
        if (precision != 8)
            throw malformed(String.format(Locale.ROOT, "%d bits per sample are not supported, expected 8", precision));
        int height = unsigned16(body);
        int width = unsigned16(body);
        limits.checkSize(name, width, height);
        int count = unsigned8(body);
        if (count != 1 && count != 3 && count != 4) throw malformed(count + " components, expected 1, 3 or 4");
        List<JpegComponent> components = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = unsigned8(body);
            int factors = unsigned8(body);
            int table = unsigned8(body);
            if (bad(factors >> 4) || bad(factors & 15) || table >= TABLES) {
                throw malformed(String.format(
                        Locale.ROOT, "component %d: sampling factors %02x, table %d", id, factors, table));
            }
            components.add(new JpegComponent(id, factors >> 4, factors & 15, table));
        }
        frame = JpegFrame.of(width, height, progressive, components);
        for (JpegComponent c : components) {
            if (frame.mostAcross() % c.across != 0 || frame.mostDown() % c.down != 0) {
                throw malformed(String.format(Locale.ROOT, "component %d: fractional sampling is not supported", c.id));
            }
        }
        // Each block takes one bit or more.
        limits.checkContent(name, width, height, data.length - position, frame.blocks() / Byte.SIZE);
    }

    private static boolean bad(int factor) {
        return factor < 1 || factor > LARGEST_FACTOR;
    }

    private void readHuffmanTables(ByteBuffer body) {
        while (body.hasRemaining()) {
            int id = unsigned8(body);
            int[] counts = new int[16];
            int symbols = 0;
            for (int i = 0; i < counts.length; i++) {
                counts[i] = unsigned8(body);
                symbols += counts[i];
            }
            if ((id & 15) >= TABLES || id >> 5 != 0 || symbols > 256 || symbols > body.remaining()) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "a Huffman table %02x of %d symbols", id, symbols));
            }
            byte[] values = new byte[symbols];
            body.get(values);
            (id < 16 ? dcTables : acTables)[id & 15] = new JpegHuffman(counts, values);
        }
    }

    private void readQuantization(ByteBuffer body) {
        while (body.hasRemaining()) {
            int id = unsigned8(body);
            if ((id & 15) >= TABLES) throw new IllegalArgumentException("quantization table " + (id & 15));
            int[] table = new int[JpegComponent.COEFFICIENTS];
            for (int i = 0; i < table.length; i++) {
                table[JpegBlocks.ZIGZAG[i]] = id >> 4 == 0 ? unsigned8(body) : unsigned16(body);
            }
            quantization[id & 15] = table;
        }
    }

    private void readExif(ByteBuffer body) {
        if (!startsWith(body, EXIF) || exifSeen) return;
        exifSeen = true;
        orientation = ExifOrientation.find(data, body.arrayOffset() + EXIF.length, body.remaining() - EXIF.length);
    }

    private void readAdobe(ByteBuffer body) {
        if (body.remaining() >= 12 && startsWith(body, "Adobe".getBytes(StandardCharsets.ISO_8859_1))) {
            adobeTransform = body.get(11) & 0xff;
        }
    }

    private static boolean startsWith(ByteBuffer body, byte[] start) {
        return body.remaining() >= start.length && body.slice(0, start.length).equals(ByteBuffer.wrap(start));
    }

    private void readScan(ByteBuffer body) throws MalformedFileException {
        if (frame == null) throw malformed("a scan before the frame");
        if (++scans > MAX_SCANS) throw malformed("more than " + MAX_SCANS + " scans");
        int count = unsigned8(body);
        List<JpegComponent> selected = new ArrayList<>();
        int blocks = 0;
        for (int i = 0; i < count; i++) {
            JpegComponent component = select(unsigned8(body), unsigned8(body));
            if (selected.contains(component)) throw malformed("a component twice in one scan");
            selected.add(component);
            blocks += component.across * component.down;
        }
        if (count < 1 || count > 1 && blocks > LARGEST_MCU) throw malformed("a scan of " + count + " components");
        int first = unsigned8(body);
        int last = unsigned8(body);
        int precision = unsigned8(body);
        if (scans > 1 && frame.components().getFirst().coefficients == null) {
            throw malformed("more scans than components");
        }
        if (frame.progressive()
                && (first > last
                        || last > 63
                        || (first == 0) != (last == 0)
                        || first > 0 && count > 1
                        || (precision & 15) > 13)) {
            throw malformed(String.format(Locale.ROOT, "a scan of coefficients %d to %d", first, last));
        }
        checkTables(selected, first, precision >> 4);
        JpegBand band = new JpegBand(frame.progressive(), first, last, precision >> 4, precision & 15);
        if (scans == 1) {
            if (limits.isDoubtful(frame.width(), frame.height(), data.length - position)) {
                JpegScan trial = new JpegScan(frame, selected, new JpegBits(data, position), band, restartInterval);
                if (!trial.check()) throw malformed("truncated");
            }
            boolean buffered = frame.progressive() || count < frame.components().size();
            for (JpegComponent component : frame.components()) component.allocate(buffered);
        }
        JpegBits bits = new JpegBits(data, position);
        boolean whole = new JpegScan(frame, selected, bits, band, restartInterval).decode();
        if (!whole && bits.truncated()) throw malformed("truncated");
        if (whole) for (JpegComponent component : selected) component.completed |= band.completed();
        position = bits.position();
    }

    private JpegComponent select(int id, int tables) throws MalformedFileException {
        for (JpegComponent component : frame.components()) {
            if (component.id != id) continue;
            component.dcTable = table(dcTables, tables >> 4);
            component.acTable = table(acTables, tables & 15);
            if (component.quantization == null) component.quantization = quantization[component.quantizer];
            if (component.quantization == null)
                throw malformed(String.format(Locale.ROOT, "quantization table %d is missing", component.quantizer));
            return component;
        }
        throw malformed(String.format(Locale.ROOT, "a scan of component %d, which the frame does not have", id));
    }

    /** A table, or null if there is none: a scan may name one that it does not use. */
    private static JpegHuffman table(JpegHuffman[] tables, int index) {
        return index < TABLES ? tables[index] : null;
    }

    private void checkTables(List<JpegComponent> selected, int first, int high) throws MalformedFileException {
        boolean needsDc = !frame.progressive() || first == 0 && high == 0;
        boolean needsAc = !frame.progressive() || first > 0;
        for (JpegComponent component : selected) {
            if (needsDc && component.dcTable == null || needsAc && component.acTable == null) {
                throw malformed("a Huffman table is missing");
            }
        }
    }

    private RgbImage toRgb() {
        int count = frame.components().size();
        JpegUpsampler[] upsamplers = new JpegUpsampler[count];
        for (int i = 0; i < count; i++) {
            JpegComponent component = frame.components().get(i);
            component.transformAll();
            upsamplers[i] = new JpegUpsampler(component, frame);
        }
        JpegColors colors = colors(count);
        byte[] rgb = new byte[frame.width() * frame.height() * Resizer.CHANNELS];
        byte[][] rows = new byte[count][];
        int[] from = new int[count];
        for (int y = 0; y < frame.height(); y++) {
            for (int i = 0; i < count; i++) {
                from[i] = upsamplers[i].rowOffset(y);
                rows[i] = upsamplers[i].rows();
            }
            colors.toRgb(rows, from, frame.width(), rgb, y * frame.width() * Resizer.CHANNELS);
        }
        return new RgbImage(frame.width(), frame.height(), rgb);
    }

    private JpegColors colors(int count) {
        if (count == 1) return JpegColors.GREY;
        if (count == 4) return adobeTransform > 0 ? JpegColors.YCCK : JpegColors.CMYK;
        if (jfif) return JpegColors.YCC;
        if (adobeTransform >= 0) return adobeTransform == 0 ? JpegColors.RGB : JpegColors.YCC;
        boolean named = frame.components().get(0).id == 'R'
                && frame.components().get(1).id == 'G'
                && frame.components().get(2).id == 'B';
        return named ? JpegColors.RGB : JpegColors.YCC;
    }

    private static int unsigned8(ByteBuffer body) {
        if (!body.hasRemaining()) throw new IllegalArgumentException("a segment is too short");
        return body.get() & 0xff;
    }

    private static int unsigned16(ByteBuffer body) {
        return unsigned8(body) << 8 | unsigned8(body);
    }

    private MalformedFileException malformed(String problem) {
        return new MalformedFileException(name, null, "JPEG: " + problem);
    }
}
