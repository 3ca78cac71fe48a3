package io.bridgetower.cli.evaluate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What the first of two stages leaves to the second: the nearest captions of every image and images of every caption. */
final class Proposals {
    private final BitSet[] captions;

    private Proposals(BitSet[] captions) {
        this.captions = captions;
    }

    /**
     * The nearest by similarity; of equal ones, those that come first.
     *
     * @param similarities for each image those of all captions
     * @param top how many captions of an image, and how many images of a caption
     */
    static Proposals of(float[][] similarities, int top) {
        int images = similarities.length, count = similarities[0].length;
        BitSet[] captions = new BitSet[images];
        for (int image = 0; image < images; image++) {
            captions[image] = new BitSet(count);
            for (int caption : nearest(similarities[image], top)) captions[image].set(caption);
        }
        float[] column = new float[images];
        for (int caption = 0; caption < count; caption++) {
            for (int image = 0; image < images; image++) column[image] = similarities[image][caption];
            for (int image : nearest(column, top)) captions[image].set(caption);
        }
        return new Proposals(captions);
    }

    /** Every pair. */
    static Proposals all(int images, int captions) {
        BitSet[] all = new BitSet[images];
        for (int image = 0; image < images; image++) {
            all[image] = new BitSet(captions);
            all[image].set(0, captions);
        }
        return new Proposals(all);
    }

    /** The captions that are paired with an image, in their order. */
    int[] of(int image) {
        return captions[image].stream().toArray();
    }

    boolean has(int image, int caption) {
        return captions[image].get(caption);
    }

    /** Number of pairs. */
    long pairs() {
        return Arrays.stream(captions).mapToLong(BitSet::cardinality).sum();
    }

    private static int[] nearest(float[] values, int top) {
        if (top >= values.length) return IntStream.range(0, values.length).toArray();
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
                .limit(top)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
