package io.bridgetower;

/**
 * What has become of one image of a stream: its vector, or the reason why there is none.
 *
 * @param item what the image was read from
 * @param vector of length 1; null if there is none
 * @param error why there is no vector; null if there is one
 * @param <T> type of the item
 */
public record Embedded<T>(T item, float[] vector, Throwable error) {
    /** Whether there is a vector. */
    public boolean succeeded() {
        return error == null;
    }
}
