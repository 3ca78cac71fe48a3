package io.bridgetower.spark;

import io.bridgetower.jobs.ScoringJob;
import io.bridgetower.jobs.rows.PairResults;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.processor.image.raster.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Seconds that one core computes.
 *
 * @param pair for a row whose image is encoded
 * @param image to encode one
 */
record Cost(double pair, double image) {
    /** Nothing is known. */
    static final Cost NONE = new Cost(0, 0);

    private static final int IMAGES = 4;
    private static final int TEXTS = 8;
    private static final int SIDE = 256;
    private static final double NANOS = 1e9;

    /** Measures a job on made-up pairs. */
    static Cost measured(ScoringJob job, int threads) {
        int number = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        // So that nothing is compiled while it is measured.
        run(job, TEXTS);
        double one = run(job, 1), many = run(job, TEXTS);
        double pair = Math.max(0, many - one) / (IMAGES * (TEXTS - 1));
        return new Cost(pair * number, Math.max(0, one / IMAGES - pair) * number);
    }

    /** The same, but for what is given. */
    Cost orElse(double givenPair, double givenImage) {
        return new Cost(givenPair > 0 ? givenPair : pair, givenImage > 0 ? givenImage : image);
    }

    /**
     * Tasks for some work.
     *
     * @param seconds that a task should take on its cores
     */
    int tasks(Grouping.Count count, int seconds, int cores) {
        double all = count.rows() * pair + count.keys() * image;
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(all / ((double) seconds * cores)));
    }

    /** Seconds for all images with so many texts each. */
    private static double run(ScoringJob job, int texts) {
        List<PairRow<Integer>> rows = new ArrayList<>();
        for (int i = 0; i < IMAGES * texts; i++) {
            rows.add(PairRow.of(i, "image " + i / texts, "a photo of <mask> and number " + i % texts));
        }
        long start = System.nanoTime();
        try (PairResults<Integer> results = job.results(rows.iterator(), Cost::noise)) {
            results.forEachRemaining(_ -> {});
        }
        return (System.nanoTime() - start) / NANOS;
    }

    private static RgbImage noise(String name) {
        byte[] rgb = new byte[SIDE * SIDE * 3];
        new Random(name.hashCode()).nextBytes(rgb);
        return RgbImage.of(SIDE, SIDE, rgb);
    }
}
