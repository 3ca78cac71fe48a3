package io.bridgetower.processor.text.bpe;

import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 that may be broken, with one U+FFFD for each maximal part of a character as Unicode (chapter 3.9, table
 * 3-8) recommends. The decoder of the JDK differs for encoded surrogates.
 */
final class Utf8 {
    private static final int REPLACEMENT = 0xFFFD;

    private Utf8() {}

    static String decode(byte[] bytes) {
        if (isAscii(bytes)) return new String(bytes, StandardCharsets.ISO_8859_1);
        StringBuilder text = new StringBuilder(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int lead = bytes[at++] & 0xFF;
            int more = lead < 0x80 ? 0 : lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : -1;
            int codePoint = more <= 0 ? lead : lead & 0x3F >> more;
            int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            while (more > 0 && at < bytes.length && (bytes[at] & 0xFF) >= lowest && (bytes[at] & 0xFF) <= highest) {
                codePoint = codePoint << 6 | bytes[at++] & 0x3F;
                lowest = 0x80;
                highest = 0xBF;
                more--;
            }
            text.appendCodePoint(more == 0 ? codePoint : REPLACEMENT);
        }
        return text.toString();
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) if (b < 0) return false;
        return true;
    }
}
