package io.bridgetower.jobs.scoring;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short text that tells the image of a row from others: what the row says, or a hash of it if that is long. */
public final class ImageName {
    private static final int LONGEST = 4096;

    private ImageName() {}

    public static String of(String image) {
        if (image.length() <= LONGEST) return image;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(image.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
