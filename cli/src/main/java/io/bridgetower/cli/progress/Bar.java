package io.bridgetower.cli.progress;

/** How much of something is done, as a bar of text. */
final class Bar {
    private static final int WIDTH = 30;

    private Bar() {}

    /** @param total not positive if it is not known */
    static String of(long done, long total) {
        int filled = total <= 0 ? 0 : (int) (done * WIDTH / total);
        return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "]";
    }
}
