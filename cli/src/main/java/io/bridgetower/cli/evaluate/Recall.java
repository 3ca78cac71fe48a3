package io.bridgetower.cli.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often what belongs to a query is among the first of a ranking.
 *
 * @param imageByCaption of images that captions ask for, for each of {@link #AT}, from 0 to 1
 * @param captionByImage of captions that images ask for; one of several is enough
 */
record Recall(double[] imageByCaption, double[] captionByImage) {
    /** Lengths of the beginning of a ranking. */
    static final int[] AT = {1, 5, 10};

    /**
     * Ranks by scores, the highest first; of equal ones, the one that comes first in the data set.
     *
     * @param scores for each image those of all captions
     * @param owners for each caption the index of its image
     */
    static Recall of(float[][] scores, int[] owners) {
        int[] byCaption = new int[AT.length], byImage = new int[AT.length];
        int[] best = new int[scores.length];
        Arrays.fill(best, Integer.MAX_VALUE);
        for (int caption = 0; caption < owners.length; caption++) {
            int image = owners[caption];
            count(imageRank(scores, image, caption), byCaption);
            best[image] = Math.min(best[image], captionRank(scores[image], caption));
        }
        for (int rank : best) count(rank, byImage);
        return new Recall(shares(byCaption, owners.length), shares(byImage, scores.length));
    }

    /** For machines: {@code {"image_by_caption": {"recall@1": …, …}, "caption_by_image": …}}. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("image_by_caption", json(imageByCaption));
        json.put("caption_by_image", json(captionByImage));
        return json;
    }

    private static Map<String, Object> json(double[] shares) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (int i = 0; i < AT.length; i++) json.put("recall@" + AT[i], shares[i]);
        return json;
    }

    /** Images before this one, for a caption. */
    private static int imageRank(float[][] scores, int image, int caption) {
        float score = scores[image][caption];
        int rank = 0;
        for (int other = 0; other < scores.length; other++) {
            if (isBefore(scores[other][caption], other, score, image)) rank++;
        }
        return rank;
    }

    /** Captions before this one, for an image. */
    private static int captionRank(float[] scores, int caption) {
        int rank = 0;
        for (int other = 0; other < scores.length; other++) {
            if (isBefore(scores[other], other, scores[caption], caption)) rank++;
        }
        return rank;
    }

    private static boolean isBefore(float score, int index, float thanScore, int thanIndex) {
        return score > thanScore || score == thanScore && index < thanIndex;
    }

    private static void count(int rank, int[] counts) {
        for (int i = 0; i < AT.length; i++) if (rank < AT[i]) counts[i]++;
    }

    private static double[] shares(int[] counts, int total) {
        return Arrays.stream(counts)
                .mapToDouble(count -> (double) count / total)
                .toArray();
    }
}
