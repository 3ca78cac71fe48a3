package io.bridgetower.hub;

import io.bridgetower.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Holds a file against the hash that its ETag is. */
final class Checksum {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final int SHA1_DIGITS = 40;

    private Checksum() {}

    /** Whether the file has the hash; true if the ETag is none that could be computed. */
    static boolean matches(Path file, String etag) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            MessageDigest digest = digest(etag, channel.size());
            if (digest == null) return true;
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (channel.read(buffer.clear()) >= 0) digest.update(buffer.flip());
            return HexFormat.of().formatHex(digest.digest()).equals(etag.toLowerCase(Locale.ROOT));
        }
    }

    private static MessageDigest digest(String etag, long size) {
        boolean hex = etag.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        if (hex && etag.length() == Sha256.DIGITS) return Sha256.digest();
        try {
            if (!hex || etag.length() != SHA1_DIGITS) return null;
            // The name that git gives to a file of this content.
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            return sha1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
