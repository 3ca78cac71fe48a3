package io.bridgetower.processor.image.codec.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of a JPEG scan. A marker ends them: from there on they are zeros, as in libjpeg, and {@link #exhausted}
 * tells.
 */
final class JpegBits {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] data;
    private int position;
    private long bits;
    private int count;
    private int padding;

    JpegBits(byte[] data, int position) {
        this.data = data;
        this.position = position;
    }

    /** Where the marker stands that ended the bits, or the end of the data. Valid once all bits are used. */
    int position() {
        return position;
    }

    /** Whether more bits were used than there are. */
    boolean exhausted() {
        return count < padding;
    }

    /** Whether the data ended without a marker. */
    boolean truncated() {
        return position >= data.length;
    }

    /** Forgets the bits read ahead, and goes on after a restart marker, if that is what comes. */
    boolean restart() {
        bits = 0;
        count = 0;
        padding = 0;
        while (position + 1 < data.length && !(data[position] == -1 && data[position + 1] != 0)) position++;
        while (position + 2 < data.length && data[position + 1] == -1) position++;
        if (position + 1 >= data.length) {
            position = data.length;
            return false;
        }
        if ((data[position + 1] & 0xf8) != 0xd0) return false;
        position += 2;
        return true;
    }

    /** Makes at least 32 bits available. */
    private void fill() {
        if (position + Integer.BYTES <= data.length) {
            int next = (int) INT.get(data, position);
            // No byte of 0xff among the four: nothing is stuffed.
            if ((~next - 0x01010101 & next & 0x80808080) == 0) {
                bits = bits << Integer.SIZE | next & 0xffffffffL;
                count += Integer.SIZE;
                position += Integer.BYTES;
                return;
            }
        }
        while (count <= Integer.SIZE) fillByte();
    }

    private void fillByte() {
        int next = 0;
        if (padding == 0 && position < data.length) {
            next = data[position] & 0xff;
            if (next != 0xff) {
                position++;
            } else if (position + 1 < data.length && data[position + 1] == 0) {
                position += 2;
            } else {
                if (position + 1 >= data.length) position = data.length;
                next = 0;
                padding = Byte.SIZE;
            }
        } else {
            padding += Byte.SIZE;
        }
        bits = bits << Byte.SIZE | next;
        count += Byte.SIZE;
    }

    /** The next {@code size} bits, 0 to 16 of them. */
    int read(int size) {
        if (count < size) fill();
        count -= size;
        return (int) (bits >>> count) & (1 << size) - 1;
    }

    /** The next symbol. */
    int symbol(JpegHuffman table) {
        if (count <= 16) fill();
        int found = table.fast[(int) (bits >>> (count - JpegHuffman.FAST_BITS)) & (1 << JpegHuffman.FAST_BITS) - 1];
        if (found == 0) found = table.slow((int) (bits >>> (count - 16)) & 0xffff);
        count -= found >> 8;
        return found & 0xff;
    }

    /** A signed value of {@code size} bits. */
    int signed(int size) {
        return size == 0 ? 0 : JpegHuffman.extend(read(size), size);
    }

    /**
     * The coefficients 1 to 63 of a sequential block, which must be zero before.
     *
     * @return the position in zigzag order of the last one that is not zero; 0 if there is none
     */
    int coefficients(JpegHuffman table, short[] block, int from) {
        int last = 0;
        for (int k = 1; k < 64; k++) {
            if (count < Integer.SIZE) fill();
            int prefix = (int) (bits >>> (count - JpegHuffman.FAST_BITS)) & (1 << JpegHuffman.FAST_BITS) - 1;
            int whole = table.value[prefix];
            if (whole != 0) {
                k += whole >> 4 & 15;
                count -= whole & 15;
                block[from + JpegBlocks.ZIGZAG[k]] = (short) (whole >> 8);
                last = k;
                continue;
            }
            int found = table.fast[prefix];
            if (found == 0) found = table.slow((int) (bits >>> (count - 16)) & 0xffff);
            count -= found >> 8;
            int size = found & 15;
            int zeros = found >> 4 & 15;
            if (size == 0) {
                if (zeros != 15) break;
                k += 15;
                continue;
            }
            k += zeros;
            count -= size;
            int value = (int) (bits >>> count) & (1 << size) - 1;
            block[from + JpegBlocks.ZIGZAG[k]] = (short) JpegHuffman.extend(value, size);
            last = k;
        }
        return Math.min(last, 63);
    }
}
