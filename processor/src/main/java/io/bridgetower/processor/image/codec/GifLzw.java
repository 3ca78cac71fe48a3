package io.bridgetower.processor.image.codec;

import io.bridgetower.files.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** GIF's variant of LZW: the indices of a frame, in the order of the file. */
final class GifLzw {
    private static final int LARGEST_BITS = 12;
    private static final int MAX_CODES = 1 << LARGEST_BITS;

    /** Indices for each byte, when all codes have the most bits and stand for the longest strings. */
    static final long LARGEST_RATIO = MAX_CODES * Byte.SIZE / LARGEST_BITS;

    private final ByteBuffer in;
    private final Path name;
    /** Each code is a string: that of an earlier code, and one more index. */
    private final short[] prefix = new short[MAX_CODES];

    private final byte[] suffix = new byte[MAX_CODES];
    private final int[] length = new int[MAX_CODES];
    /** What the last row left of a string. */
    private final byte[] rest = new byte[MAX_CODES];

    private int restFrom;
    private int restTo;
    private final int clear;
    private int codes;
    private int codeBits;
    private int previous;
    private int blockLeft;
    private int bits;
    private int bitCount;

    /** @param in stands at the code size, and is read from there */
    GifLzw(ByteBuffer in, Path name) throws MalformedFileException {
        this.in = in;
        this.name = name;
        int rootBits = in.hasRemaining() ? in.get() : 0;
        if (rootBits < 1 || rootBits > 8) throw malformed("a code size of " + rootBits + " bits");
        clear = 1 << rootBits;
        for (int i = 0; i < clear; i++) {
            suffix[i] = (byte) i;
            length[i] = 1;
        }
        clearTable();
    }

    /** The bytes of a frame's blocks, without their lengths. The buffer, which stands at the code size, is not moved. */
    static long codedBytes(ByteBuffer in) {
        long bytes = 0;
        for (int at = in.position() + 1; at < in.limit(); ) {
            int block = in.get(at) & 0xff;
            if (block == 0) break;
            bytes += Math.min(block, in.limit() - at - 1);
            at += 1 + block;
        }
        return bytes;
    }

    /** Fills {@code indices} with those that come next. */
    void read(byte[] indices) throws MalformedFileException {
        int at = Math.min(restTo - restFrom, indices.length);
        System.arraycopy(rest, restFrom, indices, 0, at);
        restFrom += at;
        while (at < indices.length) {
            int code = nextString();
            int size = length[code];
            int room = indices.length - at;
            if (size <= room) {
                write(code, indices, at);
                at += size;
            } else {
                write(code, rest, 0);
                System.arraycopy(rest, 0, indices, at, room);
                at += room;
                restFrom = room;
                restTo = size;
            }
        }
    }

    /** The next code that stands for a string, after an entry for it was made. */
    private int nextString() throws MalformedFileException {
        int code = read(codeBits);
        while (code == clear) {
            clearTable();
            code = read(codeBits);
        }
        if (code == clear + 1) throw malformed("truncated");
        boolean known = code < clear || code > clear + 1 && code < codes;
        if (!known && (previous < 0 || code != codes || codes == MAX_CODES))
            throw malformed("a code that is not in the table");
        if (previous < 0 && code >= clear) throw malformed("a code that is not in the table");
        if (previous >= 0 && codes < MAX_CODES) {
            prefix[codes] = (short) previous;
            length[codes] = length[previous] + 1;
            suffix[codes] = first(known ? code : previous);
            codes++;
            if (codes == 1 << codeBits && codeBits < LARGEST_BITS) codeBits++;
        }
        previous = code;
        return code;
    }

    private void clearTable() {
        codes = clear + 2;
        codeBits = Integer.numberOfTrailingZeros(clear) + 1;
        previous = -1;
    }

    private byte first(int code) {
        int at = code;
        while (length[at] > 1) at = prefix[at];
        return suffix[at];
    }

    private void write(int code, byte[] indices, int from) {
        int c = code;
        for (int at = from + length[code] - 1; at >= from; c = prefix[c], at--) indices[at] = suffix[c];
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
