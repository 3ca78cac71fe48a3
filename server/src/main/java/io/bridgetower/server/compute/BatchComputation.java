package io.bridgetower.server.compute;

import io.bridgetower.BridgeTower;
import io.bridgetower.Explanation;
import io.bridgetower.Filled;
import io.bridgetower.MaskFiller;
import io.bridgetower.Score;
import io.bridgetower.engine.Tensor;
import io.bridgetower.inputs.FiniteValues;
import io.bridgetower.inputs.Pixels;
import io.bridgetower.model.EncodingCache;
import io.bridgetower.model.ImageEncoding;
import io.bridgetower.model.TextEncoding;
import io.bridgetower.model.inputs.Pairing;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.server.metrics.ServerMetrics;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Computes batches of items of all kinds with one model. Used by one thread. */
final class BatchComputation {
    private final ServedModel model;
    private final BridgeTower bridgeTower;
    private final MaskFiller filler;
    private final ServerMetrics metrics;

    /** Operations of the batch so far. */
    private double operations;

    BatchComputation(ServedModel model, ServerMetrics metrics) {
        this.model = model;
        this.metrics = metrics;
        bridgeTower = model.bridgeTower();
        filler = new MaskFiller(bridgeTower.processor().tokenizer());
    }

    /** Computes all items, each of which gets its result or its error. */
    void run(List<Unit<?>> batch) {
        operations = 0;
        long start = System.nanoTime();
        run(batch, Item.Match.class, this::match);
        run(batch, Item.PairVector.class, this::pairVectors);
        run(batch, Item.Fill.class, this::fill);
        run(batch, Item.TextVector.class, this::textVectors);
        run(batch, Item.ImageVector.class, this::imageVectors);
        run(batch, Item.Explain.class, this::explain);
        model.cost().observe(operations, (System.nanoTime() - start) / 1e9);
    }

    private <R, I extends Item<R>> void run(
            List<Unit<?>> batch, Class<I> kind, Function<List<I>, List<R>> computation) {
        List<Unit<R>> units = new ArrayList<>();
        for (Unit<?> unit : batch) {
            if (kind.isInstance(unit.item())) units.add(ofKind(unit));
        }
        if (!units.isEmpty()) complete(units, kind, computation);
    }

    @SuppressWarnings("unchecked") // the result of an item is what its kind says
    private static <R> Unit<R> ofKind(Unit<?> unit) {
        return (Unit<R>) unit;
    }

    private <R, I extends Item<R>> void complete(
            List<Unit<R>> units, Class<I> kind, Function<List<I>, List<R>> computation) {
        List<R> results;
        try {
            results = computation.apply(
                    units.stream().map(unit -> kind.cast(unit.item())).toList());
        } catch (RuntimeException | Error e) {
            // One that cannot be computed harms no other.
            if (units.size() == 1) units.getFirst().fail(e);
            else for (Unit<R> unit : units) complete(List.of(unit), kind, computation);
            return;
        }
        for (int i = 0; i < results.size(); i++) units.get(i).succeed(results.get(i));
    }

    private List<Score.Logits> match(List<Item.Match> items) {
        try (Pairs pairs = pairs(items)) {
            List<Score.Logits> results = new ArrayList<>();
            for (float[] logits : bridgeTower.matching().logits(pairs.texts, pairs.images, pairs.pairing)) {
                FiniteValues.checked(logits);
                results.add(new Score.Logits(logits[0], logits[1]));
            }
            return results;
        }
    }

    private List<float[]> pairVectors(List<Item.PairVector> items) {
        try (Pairs pairs = pairs(items);
                Arena arena = Arena.ofConfined()) {
            return FiniteValues.rows(
                    bridgeTower.contrastive().crossEmbeds(arena, pairs.texts, pairs.images, pairs.pairing));
        }
    }

    private List<List<Filled>> fill(List<Item.Fill> items) {
        int[][] masks = items.stream().map(Item.Fill::masks).toArray(int[][]::new);
        List<List<Filled>> results = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) results.add(new ArrayList<>());
        try (Pairs pairs = pairs(items)) {
            bridgeTower
                    .maskedLM()
                    .logitsAt(
                            pairs.texts,
                            pairs.images,
                            pairs.pairing,
                            masks,
                            (pair, mask, logits) -> results.get(pair)
                                    .add(filler.fill(
                                            mask, logits, items.get(pair).top())));
        }
        return results;
    }

    private List<float[]> textVectors(List<Item.TextVector> items) {
        List<TextTokens> distinct =
                items.stream().map(Item.TextVector::tokens).distinct().toList();
        int[][] ids = distinct.stream().map(TextTokens::ids).toArray(int[][]::new);
        Map<TextTokens, float[]> vectors = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            List<float[]> rows = FiniteValues.rows(bridgeTower.contrastive().textEmbeds(arena, TextInputs.of(ids)));
            for (int i = 0; i < rows.size(); i++) {
                vectors.put(distinct.get(i), rows.get(i));
                model.keepVector(distinct.get(i), rows.get(i));
                operations += model.cost().textOperations(distinct.get(i));
            }
        }
        return items.stream().map(item -> vectors.get(item.tokens())).toList();
    }

    private List<float[]> imageVectors(List<Item.ImageVector> items) {
        Map<String, PreparedImage> encoded = new LinkedHashMap<>(), others = new LinkedHashMap<>();
        for (Item.ImageVector item : items) {
            (item.image().encoding() != null ? encoded : others)
                    .putIfAbsent(item.image().key(), item.image());
        }
        encoded.keySet().forEach(others::remove);
        Map<String, float[]> vectors = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            if (!encoded.isEmpty()) {
                ImageEncoding[] encodings =
                        encoded.values().stream().map(PreparedImage::encoding).toArray(ImageEncoding[]::new);
                keep(encoded.keySet(), bridgeTower.contrastive().imageEmbeds(arena, encodings), vectors);
            }
            if (!others.isEmpty()) {
                Tensor pixels = gather(arena, List.copyOf(others.values()));
                operations += others.size() * model.cost().imageOperations();
                keep(others.keySet(), bridgeTower.contrastive().imageEmbeds(arena, Pixels.inputs(pixels)), vectors);
            }
        }
        return items.stream().map(item -> vectors.get(item.image().key())).toList();
    }

    private void keep(Iterable<String> keys, Tensor rows, Map<String, float[]> vectors) {
        int row = 0;
        for (String key : keys) {
            float[] vector = FiniteValues.checked(rows.slice(row++, 1).toArray());
            vectors.put(key, vector);
            model.keepVector(key, vector);
        }
    }

    private List<Explanation> explain(List<Item.Explain> items) {
        List<Explanation> results = new ArrayList<>();
        for (Item.Explain item : items) results.add(bridgeTower.explain(item.decoded(), item.words()));
        return results;
    }

    /** Encodings of the texts and images of pairs, each once, held until this is closed. */
    private static final class Pairs implements AutoCloseable {
        private final TextEncoding[] texts;
        private final ImageEncoding[] images;
        private final Pairing pairing;
        private final List<EncodingCache.Lease<TextEncoding>> leases;

        Pairs(
                List<EncodingCache.Lease<TextEncoding>> leases,
                List<ImageEncoding> images,
                int[] textOfPair,
                int[] imageOfPair) {
            this.leases = leases;
            this.texts = leases.stream().map(EncodingCache.Lease::value).toArray(TextEncoding[]::new);
            this.images = images.toArray(ImageEncoding[]::new);
            pairing = new Pairing(textOfPair, imageOfPair);
        }

        @Override
        public void close() {
            leases.forEach(EncodingCache.Lease::close);
        }
    }

    private Pairs pairs(List<? extends Item<?>> items) {
        List<TextTokens> texts = items.stream().map(Item::text).distinct().toList();
        List<String> images =
                items.stream().map(item -> item.image().key()).distinct().toList();
        Map<String, ImageEncoding> encodings = encodeImages(items);
        int[] textOfPair = new int[items.size()], imageOfPair = new int[items.size()];
        for (int i = 0; i < items.size(); i++) {
            textOfPair[i] = texts.indexOf(items.get(i).text());
            imageOfPair[i] = images.indexOf(items.get(i).image().key());
            operations += model.cost().fusion(items.get(i).text());
        }
        return new Pairs(encodeTexts(texts), images.stream().map(encodings::get).toList(), textOfPair, imageOfPair);
    }

    private List<EncodingCache.Lease<TextEncoding>> encodeTexts(List<TextTokens> texts) {
        Map<TextTokens, EncodingCache.Lease<TextEncoding>> leases = new LinkedHashMap<>();
        try {
            List<TextTokens> missing = new ArrayList<>();
            for (TextTokens text : texts) {
                Optional<EncodingCache.Lease<TextEncoding>> present =
                        model.texts().getIfPresent(text);
                if (present.isPresent()) leases.put(text, present.get());
                else missing.add(text);
            }
            if (!missing.isEmpty()) {
                int[][] ids = missing.stream().map(TextTokens::ids).toArray(int[][]::new);
                TextEncoding[] made = bridgeTower.model().encodeTexts(TextInputs.of(ids));
                for (int i = 0; i < made.length; i++) {
                    leases.put(missing.get(i), model.texts().put(missing.get(i), made[i]));
                    operations += model.cost().textOperations(missing.get(i));
                }
                metrics.encodedTexts(made.length);
            }
        } catch (RuntimeException | Error e) {
            leases.values().forEach(EncodingCache.Lease::close);
            throw e;
        }
        return texts.stream().map(leases::get).toList();
    }

    /** By key; each belongs to one of the images, which holds it while the batch is computed. */
    private Map<String, ImageEncoding> encodeImages(List<? extends Item<?>> items) {
        Map<String, ImageEncoding> encodings = new LinkedHashMap<>();
        Map<String, PreparedImage> missing = new LinkedHashMap<>();
        for (Item<?> item : items) {
            PreparedImage image = item.image();
            if (image.encoding() == null)
                model.images().getIfPresent(image.key()).ifPresent(image::encoded);
            if (image.encoding() != null) encodings.put(image.key(), image.encoding());
            else missing.putIfAbsent(image.key(), image);
        }
        missing.keySet().removeAll(encodings.keySet());
        if (missing.isEmpty()) return encodings;
        ImageEncoding[] made;
        try (Arena arena = Arena.ofConfined()) {
            List<PreparedImage> images = List.copyOf(missing.values());
            made = bridgeTower.model().encodeImages(Pixels.inputs(gather(arena, images)));
        }
        int at = 0;
        for (PreparedImage image : missing.values()) {
            image.encoded(model.images().put(image.key(), made[at++]));
            encodings.put(image.key(), image.encoding());
        }
        operations += made.length * model.cost().imageOperations();
        metrics.encodedImages(made.length);
        return encodings;
    }

    /** The pixels of images one after the other, [images, channels, height, width]. */
    private Tensor gather(Arena arena, List<PreparedImage> images) {
        Tensor pixels = bridgeTower.pixelReader().allocate(arena, images.size());
        for (int i = 0; i < images.size(); i++) {
            pixels.slice(i, 1).segment().copyFrom(images.get(i).pixels().segment());
        }
        return pixels;
    }
}
