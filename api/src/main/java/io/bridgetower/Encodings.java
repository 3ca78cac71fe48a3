package io.bridgetower;

import io.bridgetower.inputs.Pixels;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.model.BridgeTowerModel;
import io.bridgetower.model.EncodingCache;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.UnimodalEncoding;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.image.PixelReader;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Encodings of texts and images, kept in a cache; what is missing there is computed in one batch. */
final class Encodings implements AutoCloseable {
    /** Pairs computed in one call of the model: calls of other threads get their turn between two of them. */
    static final int PAIRS = 64;

    /** Images encoded in one call: enough to keep all threads busy, in bounded memory. */
    static final int IMAGES = 16;

    /** Token type of images where a model sees one at a time. */
    private static final int FIRST_TYPE = 1;

    private final BridgeTowerModel model;
    private final TextPreparation textPreparation;
    private final PixelReader pixelReader;
    private final EncodingCache<String, TextEncoding> texts;
    private final EncodingCache<String, ImageEncoding> images;

    /** @param cacheBytes of both caches together */
    Encodings(BridgeTowerModel model, TextPreparation textPreparation, PixelReader pixelReader, long cacheBytes) {
        this.model = model;
        this.textPreparation = textPreparation;
        this.pixelReader = pixelReader;
        // Images have some twenty times the tokens of texts.
        texts = EncodingCache.of(cacheBytes / 8);
        images = EncodingCache.of(cacheBytes - cacheBytes / 8);
    }

    /**
     * Encodings that stay until they are closed, each at the index of what it is of.
     *
     * @param values not the user's to close; an encoding is there as often as what it is of
     * @param leases one for each distinct encoding
     */
    record Leased<E extends UnimodalEncoding>(E[] values, List<EncodingCache.Lease<E>> leases)
            implements AutoCloseable {
        @Override
        public void close() {
            leases.forEach(EncodingCache.Lease::close);
        }
    }

    /** @throws IllegalArgumentException if the model cannot read so many tokens */
    Leased<TextEncoding> texts(List<String> wanted) {
        return lease(texts, wanted, Function.identity(), TextEncoding[]::new, this::encodeTexts);
    }

    /** @throws IllegalArgumentException if an image cannot be processed for this model */
    Leased<ImageEncoding> images(List<Image> wanted) {
        return images(wanted, FIRST_TYPE);
    }

    /** As {@link #images(List)}, as images of a token type: 1, or 2 for the second image of a pair. */
    Leased<ImageEncoding> images(List<Image> wanted, int tokenType) {
        return lease(
                images,
                wanted,
                image -> key(image, tokenType),
                ImageEncoding[]::new,
                missing -> encodeImages(missing, tokenType));
    }

    /** Computes with a text and an image; throws as {@link #texts} and {@link #images(List)}. */
    <R> R ofPair(Image image, String text, BiFunction<TextEncoding[], ImageEncoding[], R> computation) {
        try (Leased<ImageEncoding> encodedImage = images(List.of(image));
                Leased<TextEncoding> encodedText = texts(List.of(text))) {
            return computation.apply(encodedText.values(), encodedImage.values());
        }
    }

    /** The encoding of an image if it is in the cache. */
    Optional<EncodingCache.Lease<ImageEncoding>> imageIfPresent(Image image) {
        return images.getIfPresent(key(image, FIRST_TYPE));
    }

    /** What the model takes for images, in memory of {@code arena}. */
    static ImageInputs inputs(PixelReader reader, Arena arena, List<Image> images) {
        return Pixels.inputs(
                reader.processAll(arena, images.stream().map(Image::pixels).toList()));
    }

    /** A list in parts of a size; the last one may be smaller. */
    static <T> List<List<T>> parts(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int first = 0; first < all.size(); first += size) {
            parts.add(all.subList(first, Math.min(first + size, all.size())));
        }
        return parts;
    }

    @Override
    public void close() {
        texts.close();
        images.close();
    }

    private TextEncoding[] encodeTexts(List<String> missing) {
        int[][] ids = missing.stream().map(textPreparation::ids).toArray(int[][]::new);
        return model.encodeTexts(TextInputs.of(ids));
    }

    private ImageEncoding[] encodeImages(List<Image> missing, int tokenType) {
        try (Arena arena = Arena.ofConfined()) {
            return model.encodeImages(inputs(pixelReader, arena, missing).withTokenTypeIdx(tokenType));
        }
    }

    private static String key(Image image, int tokenType) {
        return image.contentHash() + "/" + tokenType;
    }

    private static <T, E extends UnimodalEncoding> Leased<E> lease(
            EncodingCache<String, E> cache,
            List<T> wanted,
            Function<T, String> key,
            IntFunction<E[]> array,
            Function<List<T>, E[]> encoder) {
        String[] keys = wanted.stream().map(key).toArray(String[]::new);
        Map<String, EncodingCache.Lease<E>> leases = new LinkedHashMap<>();
        try {
            Map<String, T> missing = new LinkedHashMap<>();
            for (int i = 0; i < keys.length; i++) {
                if (leases.containsKey(keys[i]) || missing.containsKey(keys[i])) continue;
                Optional<EncodingCache.Lease<E>> present = cache.getIfPresent(keys[i]);
                if (present.isPresent()) leases.put(keys[i], present.get());
                else missing.put(keys[i], wanted.get(i));
            }
            if (missing.size() == 1) {
                // Others that ask for the same one at the same time wait for this computation.
                String only = missing.keySet().iterator().next();
                leases.put(only, cache.get(only, k -> encoder.apply(List.of(missing.get(k)))[0]));
            } else if (!missing.isEmpty()) {
                add(cache, leases, List.copyOf(missing.keySet()), encoder.apply(List.copyOf(missing.values())));
            }
            E[] values = Arrays.stream(keys).map(k -> leases.get(k).value()).toArray(array);
            return new Leased<>(values, List.copyOf(leases.values()));
        } catch (RuntimeException | Error e) {
            leases.values().forEach(EncodingCache.Lease::close);
            throw e;
        }
    }

    private static <E extends UnimodalEncoding> void add(
            EncodingCache<String, E> cache, Map<String, EncodingCache.Lease<E>> leases, List<String> keys, E[] made) {
        List<E> ours = new ArrayList<>(List.of(made));
        try {
            for (String key : keys) {
                leases.put(key, cache.put(key, ours.getFirst()));
                ours.removeFirst();
            }
        } finally {
            ours.forEach(UnimodalEncoding::close);
        }
    }
}
