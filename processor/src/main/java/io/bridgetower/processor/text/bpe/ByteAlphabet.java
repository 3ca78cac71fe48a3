package io.bridgetower.processor.text.bpe;

import java.util.Arrays;

/**
 * The printable characters by which byte-level vocabularies write bytes. Printable Latin-1 bytes stand for themselves,
 * the others for U+0100, U+0101, … in order; so a space is written {@code Ġ}.
 */
public final class ByteAlphabet {
    private static final char[] CHARS;
    private static final short[] BYTES;

    static {
        CHARS = new char[256];
        char next = 256;
        for (int b = 0; b < 256; b++) CHARS[b] = isPrintable(b) ? (char) b : next++;
        BYTES = new short[next];
        Arrays.fill(BYTES, (short) -1);
        for (int b = 0; b < 256; b++) BYTES[CHARS[b]] = (short) b;
    }

    /** How a space is written. */
    public static final char SPACE = CHARS[' '];

    private ByteAlphabet() {}

    /** The character that writes {@code b}. */
    public static char charOf(byte b) {
        return CHARS[b & 0xFF];
    }

    /** The byte, 0 to 255, that {@code c} writes, or −1 if it is not a character of the alphabet. */
    public static int byteOf(char c) {
        return c < BYTES.length ? BYTES[c] : -1;
    }

    private static boolean isPrintable(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE && b <= 0xFF;
    }
}
