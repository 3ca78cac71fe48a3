package io.bridgetower.server.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A long string of ASCII as it stands in a body, such as an image in Base64, which is decoded from there.
 *
 * @param body not to be written to
 * @param start of the first character
 * @param end behind the last
 */
record AsciiText(byte[] body, int start, int end) implements CharSequence {
    @Override
    public int length() {
        return end - start;
    }

    @Override
    public char charAt(int index) {
        return (char) body[start + index];
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return new AsciiText(body, start + from, start + to);
    }

    /**
     * The bytes that it is the Base64 form of.
     *
     * @throws IllegalArgumentException if it is none
     */
    byte[] decodeBase64() {
        ByteBuffer decoded = Base64.getDecoder().decode(ByteBuffer.wrap(body, start, length()));
        byte[] bytes = decoded.array();
        return bytes.length == decoded.limit() ? bytes : Arrays.copyOf(bytes, decoded.limit());
    }

    @Override
    public String toString() {
        return new String(body, start, length(), StandardCharsets.US_ASCII);
    }
}
