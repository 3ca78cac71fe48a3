package io.bridgetower.processor.text.bpe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** From tokens back to text. Thread-safe. */
public final class TokenDecoder {
    private final Vocabulary vocabulary;

    /** A decoder for the tokens of {@code vocabulary}. */
    public TokenDecoder(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * The text of {@code ids}. Bytes that are not UTF-8 become U+FFFD; ids that name no token are passed over.
     *
     * @param ids the tokens
     * @param skipSpecialTokens whether special tokens are left out
     */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * ids.length);
        for (int id : ids) {
            String token = vocabulary.tokenOf(id);
            if (token == null) continue;
            AddedToken added = vocabulary.addedToken(id);
            if (skipSpecialTokens && added != null && added.special()) continue;
            bytes.writeBytes(bytes(token));
        }
        return Utf8.decode(bytes.toByteArray());
    }

    /** A token that is not written in the byte alphabet stands for itself. */
    private static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = ByteAlphabet.byteOf(token.charAt(i));
            if (b < 0) return token.getBytes(StandardCharsets.UTF_8);
            bytes[i] = (byte) b;
        }
        return bytes;
    }

    /** Takes away the spaces that separate punctuation and English contractions from the word before. */
    public static String cleanUp(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }
}
