package io.bridgetower.processor.text.bpe;

import java.util.Arrays;

/** Byte-pair encoding of single words. Thread-safe. */
final class WordEncoder {
    /** What a surrogate without its partner is taken for. */
    private static final int REPLACEMENT = 0xFFFD;

    private final Vocabulary vocabulary;
    private final Merges merges;
    private final boolean wholeWordsFirst;
    private final int[] byteIds = new int[256];
    private final WordCache cache = new WordCache();

    WordEncoder(TokenizerDefinition definition) {
        vocabulary = definition.vocabulary();
        merges = definition.merges();
        wholeWordsFirst = definition.wholeWordsFirst();
        for (int b = 0; b < 256; b++) {
            int id = vocabulary.idOf(String.valueOf(ByteAlphabet.charOf((byte) b)));
            byteIds[b] = id >= 0 ? id : definition.unknownByteId();
        }
    }

    /** The tokens of the word {@code text[from, to)}, which is not empty. */
    Word encode(char[] text, int from, int to) {
        if (to - from > WordCache.MAX_WORD) return merge(Arrays.copyOfRange(text, from, to));
        Word word = cache.get(text, from, to);
        if (word == null) {
            word = merge(Arrays.copyOfRange(text, from, to));
            cache.put(word);
        }
        return word;
    }

    private Word merge(char[] text) {
        byte[] bytes = new byte[3 * text.length];
        int length = utf8(text, bytes);
        if (wholeWordsFirst) {
            int id = wholeWord(bytes, length);
            if (id >= 0) return new Word(text, new int[] {id}, new int[] {0}, new int[] {text.length});
        }
        int[] symbols = new int[length];
        int[] byteEnds = new int[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            int id = byteIds[bytes[i] & 0xFF];
            if (id < 0) continue;
            symbols[count] = id;
            byteEnds[count++] = i + 1;
        }
        int first = count == 0 ? 0 : byteEnds[0] - 1;
        count = merges.apply(symbols, byteEnds, count);
        return aligned(text, Arrays.copyOf(symbols, count), byteEnds, first);
    }

    private int wholeWord(byte[] bytes, int length) {
        char[] token = new char[length];
        for (int i = 0; i < length; i++) token[i] = ByteAlphabet.charOf(bytes[i]);
        return vocabulary.idOf(String.valueOf(token));
    }

    /** Finds the characters of each token, whose last byte is known. */
    private static Word aligned(char[] text, int[] ids, int[] byteEnds, int firstByte) {
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        int at = 0;
        int bytesAt = 0;
        int startByte = firstByte;
        for (int token = 0; token < ids.length; token++) {
            while (bytesAt + utf8Length(text, at) <= startByte) {
                bytesAt += utf8Length(text, at);
                at += charCount(text, at);
            }
            starts[token] = at;
            while (bytesAt + utf8Length(text, at) < byteEnds[token]) {
                bytesAt += utf8Length(text, at);
                at += charCount(text, at);
            }
            ends[token] = at + charCount(text, at);
            startByte = byteEnds[token];
        }
        return new Word(text, ids, starts, ends);
    }

    private static int utf8(char[] text, byte[] bytes) {
        int length = 0;
        for (int i = 0; i < text.length; i += charCount(text, i)) {
            int c = codePoint(text, i);
            if (c < 0x80) {
                bytes[length++] = (byte) c;
                continue;
            }
            int size = utf8Length(text, i);
            int lead = size == 2 ? 0xC0 : size == 3 ? 0xE0 : 0xF0;
            bytes[length++] = (byte) (lead | c >> 6 * (size - 1));
            for (int rest = size - 2; rest >= 0; rest--) bytes[length++] = (byte) (0x80 | c >> 6 * rest & 0x3F);
        }
        return length;
    }

    private static int utf8Length(char[] text, int at) {
        int c = codePoint(text, at);
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    private static int charCount(char[] text, int at) {
        return Character.charCount(codePoint(text, at));
    }

    private static int codePoint(char[] text, int at) {
        int c = Character.codePointAt(text, at);
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c;
    }
}
