package io.bridgetower.processor.image.codec.jpeg;

/** A Huffman table of a JPEG file, as look-up tables. */
final class JpegHuffman {
    /** Codes up to this length are found in one step. */
    static final int FAST_BITS = 10;

    private static final int LONGEST = 16;

    /**
     * For each prefix of {@link #FAST_BITS} bits {@code length << 8 | symbol}, or 0 if the code is longer.
     */
    final int[] fast = new int[1 << FAST_BITS];

    /**
     * For each prefix that holds a whole code and the bits of its value: {@code value << 8 | zeros before it << 4 |
     * bits used}, or 0.
     */
    final int[] value = new int[1 << FAST_BITS];

    private final byte[] symbols;
    /** By length: one more than the largest code, aligned to 16 bits. */
    private final int[] limit = new int[LONGEST + 2];
    /** By length: what to add to a code to find its symbol. */
    private final int[] offset = new int[LONGEST + 1];

    /**
     * @param counts how many codes there are of each length from 1 to 16
     * @throws IllegalArgumentException if that many codes do not exist
     */
    JpegHuffman(int[] counts, byte[] symbols) {
        this.symbols = symbols;
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            offset[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, index++, code++) {
                if (length <= FAST_BITS) fillFast(code, length, symbols[index] & 0xff);
            }
            if (code > 1 << length) throw new IllegalArgumentException("more codes of " + length + " bits than exist");
            limit[length] = code << (LONGEST - length);
            code <<= 1;
        }
        limit[LONGEST + 1] = Integer.MAX_VALUE;
        for (int prefix = 0; prefix < value.length; prefix++) value[prefix] = wholeValue(prefix);
    }

    private void fillFast(int code, int length, int symbol) {
        int shift = FAST_BITS - length;
        if ((code + 1) << shift > fast.length) throw new IllegalArgumentException("a code is longer than its length");
        for (int i = code << shift; i < (code + 1) << shift; i++) fast[i] = length << 8 | symbol;
    }

    private int wholeValue(int prefix) {
        int length = fast[prefix] >> 8;
        int size = fast[prefix] & 15;
        int used = length + size;
        if (length == 0 || size == 0 || used > FAST_BITS) return 0;
        int bits = prefix >> (FAST_BITS - used) & (1 << size) - 1;
        return extend(bits, size) << 8 | fast[prefix] & 0xf0 | used;
    }

    /**
     * The code that {@code bits}, 16 of them, begin with: {@code length << 8 | symbol}. Where no code begins like that
     * the file is damaged, and as with libjpeg the symbol is 0.
     */
    int slow(int bits) {
        int length = FAST_BITS + 1;
        while (bits >= limit[length]) length++;
        if (length > LONGEST) return length << 8;
        int index = (bits >> (LONGEST - length)) + offset[length];
        return length << 8 | symbols[index] & 0xff;
    }

    /** A value of {@code size} bits: those with a leading 0 are negative. */
    static int extend(int bits, int size) {
        return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
    }
}
