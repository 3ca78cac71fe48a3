package io.bridgetower.cli.terminal;

/** How many cells of a terminal a text takes. */
final class DisplayWidth {
    /** First and last of the blocks that Unicode's EastAsianWidth.txt calls wide or full-width as a whole. */
    private static final int[][] WIDE = {
        {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6}, {0x20000, 0x3FFFD}
    };

    private DisplayWidth() {}

    static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    private static int of(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        if (Character.isEmojiPresentation(c)) return 2;
        for (int[] block : WIDE) {
            if (c >= block[0] && c <= block[1]) return 2;
        }
        return 1;
    }
}
