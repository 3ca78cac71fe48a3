package io.bridgetower.jobs.scoring;

import io.bridgetower.files.Sha256;

/** A short text that tells the image of a row from others: what the row says, or a hash of it if that is long. */
public final class ImageName {
    private static final int LONGEST = 4096;

    private ImageName() {}

    public static String of(String image) {
        return image.length() <= LONGEST ? image : "sha256:" + Sha256.hex(image);
    }
}
