package io.bridgetower.server.routes;

import io.bridgetower.Score;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.server.compute.Cost;
import io.bridgetower.server.compute.EncodedImage;
import io.bridgetower.server.compute.Item;
import io.bridgetower.server.compute.OverloadedException;
import io.bridgetower.server.compute.PreparedImage;
import io.bridgetower.server.compute.Scheduler;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.compute.ServedModels;
import io.bridgetower.server.compute.TextTokens;
import io.bridgetower.server.compute.Work;
import io.bridgetower.server.http.Errors;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.HttpError;
import io.bridgetower.server.json.Field;
import io.bridgetower.server.json.JsonBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Computes what routes ask for. */
final class Service {
    private final ServedModels models;
    private final Scheduler scheduler;

    Service(ServedModels models, Scheduler scheduler) {
        this.models = models;
        this.scheduler = scheduler;
    }

    /**
     * The body of a request that has to be admitted.
     *
     * @throws OverloadedException if it would be refused in any case: to read it takes time that others need
     */
    Field body(Exchange exchange) throws IOException {
        scheduler.checkRoom();
        return read(exchange);
    }

    /** The body of a request, JSON or a form. */
    static Field read(Exchange exchange) throws IOException {
        return exchange.isForm() ? Field.ofForm(exchange.form()) : JsonBody.read(exchange.body());
    }

    /** The model that a request names in its field {@code model}. */
    ServedModel model(Field body) {
        return model(body.get("model").string(null));
    }

    /** The model of a name; the default if it is null. */
    ServedModel model(String name) {
        if (models.all().isEmpty()) throw HttpError.loading();
        return models.find(name)
                .orElseThrow(() -> HttpError.of(
                        HttpError.Kind.NOT_FOUND,
                        "there is no such model; there are "
                                + String.join(
                                        ", ",
                                        models.all().stream()
                                                .map(ServedModel::name)
                                                .toList())));
    }

    /** The tokens of a text; an error names its field. */
    static TextTokens tokens(TextPreparation preparation, Input input) {
        return named(input.field(), () -> new TextTokens(preparation.ids(input.text())));
    }

    /** What an error in computing is to be blamed on a field for. */
    static <T> T named(Field field, Callable<T> action) {
        return named(field.place(), action);
    }

    private static <T> T named(String place, Callable<T> action) {
        try {
            return action.call();
        } catch (Exception | OutOfMemoryError e) {
            if (e instanceof InterruptedException) Thread.currentThread().interrupt();
            throw Errors.of(e, place);
        }
    }

    /** Admits the work of a request. */
    Work admit(Exchange exchange, ServedModel model, double seconds) {
        Work work = scheduler.admit(model, seconds, exchange.arrived(), exchange.timeout());
        exchange.onGone(work::cancel);
        return work;
    }

    /**
     * The vectors of inputs, in their order, and how many tokens their texts have.
     *
     * @param tokens of all texts
     */
    record Vectors(List<float[]> vectors, int tokens) {}

    /** The vectors of inputs. */
    Vectors vectors(Exchange exchange, ServedModel model, List<Input> inputs, TextPreparation preparation)
            throws InterruptedException {
        List<TextTokens> tokens = new ArrayList<>();
        for (Input input : inputs) tokens.add(input.text() == null ? null : tokens(preparation, input));
        try (Work work = admit(exchange, model, seconds(model.cost(), inputs, tokens))) {
            List<Future<float[]>> vectors = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                Input input = inputs.get(i);
                TextTokens text = tokens.get(i);
                String place =
                        input.isText() ? input.field().place() : input.image().name();
                vectors.add(named(place, () -> vector(work, input, text)));
            }
            int count = tokens.stream()
                    .mapToInt(text -> text == null ? 0 : text.count())
                    .sum();
            return new Vectors(work.awaitAll(vectors), count);
        }
    }

    private static CompletableFuture<float[]> vector(Work work, Input input, TextTokens text)
            throws IOException, InterruptedException {
        if (input.isText()) return work.textVector(text);
        if (input.isImage()) return work.imageVector(input.image());
        try (PreparedImage image = work.model().prepare(input.image())) {
            return work.submit(new Item.PairVector(text, image));
        }
    }

    private static double seconds(Cost cost, List<Input> inputs, List<TextTokens> tokens) {
        double seconds = 0;
        Set<String> images = new HashSet<>();
        for (int i = 0; i < inputs.size(); i++) {
            TextTokens text = tokens.get(i);
            EncodedImage image = inputs.get(i).image();
            if (text != null) seconds += cost.textSeconds(text);
            if (image != null && images.add(image.key())) seconds += cost.imageSeconds();
            if (text != null && image != null) seconds += cost.pairSeconds(text);
        }
        return seconds;
    }

    /**
     * A text and an image to match.
     *
     * @param text index in the list of texts
     * @param image index in the list of images
     */
    record Pair(int text, int image) {}

    /**
     * What is known of a pair.
     *
     * @param logits null if it could not be computed
     * @param error why not; null if it could
     */
    record Matched(Score.Logits logits, HttpError error) {}

    /**
     * Matches texts and images.
     *
     * @param pairs those of one image next to each other, if it is to be made ready only once
     * @return in the order of the pairs; an image that cannot be read is an error of its own pairs
     */
    List<Matched> match(
            Exchange exchange, ServedModel model, List<TextTokens> texts, List<EncodedImage> images, List<Pair> pairs)
            throws InterruptedException {
        Cost cost = model.cost();
        double seconds = 0;
        for (TextTokens text : new HashSet<>(texts)) seconds += cost.textSeconds(text);
        for (Pair pair : pairs) seconds += cost.pairSeconds(texts.get(pair.text()));
        seconds += cost.imageSeconds()
                * images.stream().map(EncodedImage::key).distinct().count();
        try (Work work = admit(exchange, model, seconds)) {
            List<Future<Score.Logits>> results = new ArrayList<>();
            for (int first = 0, end; first < pairs.size(); first = end) {
                int image = pairs.get(first).image();
                end = first;
                while (end < pairs.size() && pairs.get(end).image() == image) end++;
                submit(work, texts, images.get(image), pairs.subList(first, end), results);
            }
            List<Matched> matched = new ArrayList<>();
            for (Future<Score.Logits> result : results) matched.add(matched(work, result));
            return matched;
        }
    }

    private static void submit(
            Work work,
            List<TextTokens> texts,
            EncodedImage encoded,
            List<Pair> pairs,
            List<Future<Score.Logits>> results)
            throws InterruptedException {
        try (PreparedImage image = work.model().prepare(encoded)) {
            results.addAll(work.submitAll(pairs.stream()
                    .map(pair -> new Item.Match(texts.get(pair.text()), image))
                    .toList()));
        } catch (IOException | IllegalArgumentException | OutOfMemoryError e) {
            HttpError error = Errors.of(e, encoded.name());
            for (int i = 0; i < pairs.size(); i++) results.add(CompletableFuture.failedFuture(error));
        }
    }

    private static Matched matched(Work work, Future<Score.Logits> result) throws InterruptedException {
        try {
            return new Matched(work.await(result), null);
        } catch (ArithmeticException | HttpError e) {
            return new Matched(null, Errors.of(e, null));
        }
    }
}
