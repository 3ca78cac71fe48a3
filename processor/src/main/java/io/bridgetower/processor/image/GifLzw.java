package io.bridgetower.processor.image;

import io.bridgetower.files.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** GIF's variant of LZW: the indices of a frame. */
final class GifLzw {
    private static final int LARGEST_BITS = 12;
    private static final int MOST_CODES = 1 << LARGEST_BITS;

    private final ByteBuffer in;
    private final Path name;
    /** Each code is a string: that of an earlier code, and one more index. */
    private final short[] prefix = new short[MOST_CODES];

    private final byte[] suffix = new byte[MOST_CODES];
    private final int[] length = new int[MOST_CODES];
    private int blockLeft;
    private int bits;
    private int bitCount;

    GifLzw(ByteBuffer in, Path name) {
        this.in = in;
        this.name = name;
    }

    byte[] decode(int width, int height) throws MalformedFileException {
        int rootBits = in.hasRemaining() ? in.get() : 0;
        if (rootBits < 1 || rootBits > 8) throw malformed("a code size of " + rootBits + " bits");
        // No code of at least two bits stands for more than a table's worth of indices.
        if ((long) width * height > 4L * MOST_CODES * (in.remaining() + 1)) throw malformed("truncated");
        byte[] indices = new byte[width * height];
        int clear = 1 << rootBits;
        for (int i = 0; i < clear; i++) {
            suffix[i] = (byte) i;
            length[i] = 1;
        }
        int codes = clear + 2;
        int codeBits = rootBits + 1;
        int previous = -1;
        for (int at = 0; at < indices.length; ) {
            int code = read(codeBits);
            if (code == clear) {
                codes = clear + 2;
                codeBits = rootBits + 1;
                previous = -1;
                continue;
            }
            if (code == clear + 1) throw malformed("truncated");
            boolean known = code < clear || code > clear + 1 && code < codes;
            if (!known && (previous < 0 || code != codes || codes == MOST_CODES))
                throw malformed("a code that is not in the table");
            if (previous < 0 && code >= clear) throw malformed("a code that is not in the table");
            if (previous >= 0 && codes < MOST_CODES) {
                prefix[codes] = (short) previous;
                length[codes] = length[previous] + 1;
                suffix[codes] = first(known ? code : previous);
                codes++;
                if (codes == 1 << codeBits && codeBits < LARGEST_BITS) codeBits++;
            }
            at = write(code, indices, at);
            previous = code;
        }
        return indices;
    }

    private byte first(int code) {
        int at = code;
        while (length[at] > 1) at = prefix[at];
        return suffix[at];
    }

    private int write(int code, byte[] indices, int from) {
        int end = from + length[code];
        int at = end - 1;
        for (int c = code; at >= from; c = prefix[c], at--) {
            if (at < indices.length) indices[at] = suffix[c];
        }
        return end;
    }

    private int read(int size) throws MalformedFileException {
        while (bitCount < size) {
            while (blockLeft == 0) {
                if (!in.hasRemaining()) throw malformed("truncated");
                blockLeft = in.get() & 0xff;
                if (blockLeft == 0) throw malformed("truncated");
            }
            if (!in.hasRemaining()) throw malformed("truncated");
            bits |= (in.get() & 0xff) << bitCount;
            bitCount += Byte.SIZE;
            blockLeft--;
        }
        int code = bits & (1 << size) - 1;
        bits >>>= size;
        bitCount -= size;
        return code;
    }

    private MalformedFileException malformed(String problem) {
        return new MalformedFileException(name, null, "GIF: " + problem);
    }
}
