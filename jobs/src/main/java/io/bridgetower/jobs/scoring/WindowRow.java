package io.bridgetower.jobs.scoring;

/**
 * A row that is about to be computed.
 *
 * @param text empty where the task reads no texts; null if there is a problem
 * @param ids tokens of its text; null if there is a problem
 * @param image null if there is a problem, or the task reads no images
 * @param problem why it cannot be computed; null if nothing is known to be wrong
 */
record WindowRow<K, I>(K id, String text, int[] ids, JobImage<I> image, String problem) {
    /** Why it cannot be computed, its image included; null if nothing is wrong. */
    String anyProblem() {
        return problem != null || image == null ? problem : image.problem();
    }
}
