package io.bridgetower.jobs.rows;

/**
 * An image and a text, or the reason why there is none.
 *
 * @param id by which the caller knows the row again; a job only passes it on
 * @param image what the job's {@link ImageSource} finds the image by; equal ones are the same image
 * @param text to go with it
 * @param problem why the row cannot be computed; null if nothing is wrong
 * @param <K> type of the ids
 */
public record PairRow<K>(K id, String image, String text, String problem) {
    /** A row to compute. */
    public static <K> PairRow<K> of(K id, String image, String text) {
        return new PairRow<>(id, image, text, null);
    }

    /** A row that becomes {@link Outcome.Failed}. */
    public static <K> PairRow<K> broken(K id, String problem) {
        return new PairRow<>(id, null, null, problem);
    }
}
