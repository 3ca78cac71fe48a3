package io.bridgetower;

/**
 * Makes an image of something: {@code Image::read} of a path, for example. Called by several threads at once.
 *
 * @param <T> what names or holds an image
 */
@FunctionalInterface
public interface ImageReader<T> {
    /**
     * Reads an image.
     *
     * @throws Exception if there is none
     */
    Image read(T item) throws Exception;
}
