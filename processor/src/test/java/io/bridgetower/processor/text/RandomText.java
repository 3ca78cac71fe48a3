package io.bridgetower.processor.text;

import java.util.Random;

/** Random Unicode text, rich in what tokenizers stumble over. */
final class RandomText {
    private static final String[] FRAGMENTS = {
        "<mask>",
        " <mask> ",
        "<s>",
        "</s>",
        "<pad>",
        "'s",
        "'ll",
        "'re",
        "'S",
        "'",
        "''",
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\u00A0",
        "\u3000",
        "\u0085",
        "\u180E",
        "\u200B",
        "\u2028",
        "the",
        "cat",
        " dog",
        " a",
        "123",
        "½",
        "Ⅷ",
        "٣",
        "é",
        "日本",
        "😀",
        "👩\u200D🚀",
        "!!",
        "...",
        "e\u0301",
        "İ",
        "ſ",
        "ß",
        "<",
        ">",
        "\0",
        "\uFFFD",
        "\uFEFF"
    };
    private static final int[] LIMITS = {0x80, 0x250, 0x3000, 0xD800, 0x20000, 0x110000};

    private final Random random;
    private final boolean loneSurrogates;

    RandomText(long seed, boolean loneSurrogates) {
        this.random = new Random(seed);
        this.loneSurrogates = loneSurrogates;
    }

    String next() {
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(24);
        int limit = LIMITS[random.nextInt(LIMITS.length)];
        for (int i = 0; i < parts; i++) {
            if (random.nextInt(3) == 0) text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            else text.appendCodePoint(codePoint(limit));
        }
        return text.toString();
    }

    private int codePoint(int limit) {
        if (loneSurrogates && random.nextInt(20) == 0) return 0xD800 + random.nextInt(0x800);
        int codePoint = random.nextInt(limit);
        return codePoint >= 0xD800 && codePoint < 0xE000 ? ' ' : codePoint;
    }
}
