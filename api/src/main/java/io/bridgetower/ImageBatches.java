package io.bridgetower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Computes with any number of images that are read batch by batch, so that few of them are in memory at a time. What a supplier
 * of an image throws ends the computation.
 */
public final class ImageBatches {
    private ImageBatches() {}

    /**
     * What has one vector.
     *
     * @param text null for an image alone
     * @param image null for a text alone
     */
    public record Input(String text, Supplier<Image> image) {
        /** @throws IllegalArgumentException if there is neither a text nor an image */
        public Input {
            if (text == null && image == null) {
                throw new IllegalArgumentException("input: expected a text or an image, found neither");
            }
        }
    }

    /**
     * The vectors of texts, of images, and of both together, each as {@code embed} of {@link BridgeTower} gives it.
     *
     * @return vectors of length 1, in the order of the inputs
     * @throws UnsupportedOperationException if the checkpoint has no {@link Head#CONTRASTIVE} heads for them
     * @throws IllegalArgumentException if a text has more tokens than the model reads, or an image cannot be processed
     * @throws IllegalStateException if the model is closed
     */
    public static List<float[]> embed(BridgeTower bridgeTower, List<Input> inputs) {
        float[][] vectors = new float[inputs.size()][];
        fill(
                vectors,
                inputs,
                input -> input.image() == null,
                inputs.size(),
                texts -> bridgeTower.embedTexts(texts.stream().map(Input::text).toList()));
        fill(
                vectors,
                inputs,
                input -> input.text() == null,
                Encodings.IMAGES,
                images -> embedImages(bridgeTower, images));
        fill(
                vectors,
                inputs,
                input -> input.text() != null && input.image() != null,
                1,
                pair -> List.of(bridgeTower.embed(
                        pair.getFirst().image().get(), pair.getFirst().text())));
        return Arrays.asList(vectors);
    }

    /**
     * How well a text describes each of some images, as {@link BridgeTower#rank(String, List)}.
     *
     * @return the probability of a match, from 0 to 1, in the order of the images
     */
    public static List<Double> match(BridgeTower bridgeTower, String description, List<Supplier<Image>> images) {
        List<Double> probabilities = new ArrayList<>(images.size());
        for (List<Supplier<Image>> some : Encodings.parts(images, Encodings.IMAGES)) {
            List<Image> read = some.stream().map(Supplier::get).toList();
            for (Score score : bridgeTower.matches().of(description, read)) probabilities.add(score.probability());
        }
        return probabilities;
    }

    private static List<float[]> embedImages(BridgeTower bridgeTower, List<Input> inputs) {
        List<Image> images = inputs.stream().map(input -> input.image().get()).toList();
        // One image may have been encoded before.
        return images.size() == 1 ? List.of(bridgeTower.embed(images.getFirst())) : bridgeTower.embedImages(images);
    }

    /** Computes the vectors of the inputs of one kind. */
    private static void fill(
            float[][] vectors,
            List<Input> inputs,
            Predicate<Input> kind,
            int batch,
            Function<List<Input>, List<float[]>> computation) {
        List<Integer> chosen = IntStream.range(0, vectors.length)
                .filter(i -> kind.test(inputs.get(i)))
                .boxed()
                .toList();
        for (List<Integer> some : Encodings.parts(chosen, batch)) {
            List<float[]> computed =
                    computation.apply(some.stream().map(inputs::get).toList());
            for (int i = 0; i < some.size(); i++) vectors[some.get(i)] = computed.get(i);
        }
    }
}
