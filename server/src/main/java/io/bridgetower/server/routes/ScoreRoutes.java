package io.bridgetower.server.routes;

import io.bridgetower.Head;
import io.bridgetower.server.compute.EncodedImage;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.compute.TextTokens;
import io.bridgetower.server.http.ErrorStyle;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.json.Answer;
import io.bridgetower.server.json.Field;
import io.bridgetower.server.routes.Inputs.Strings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores of pairs in the form of vLLM, and ranking in that of Jina, Cohere and Text Embeddings Inference. A text with an image is
 * scored by matching, from 0 to 1. Where other pairs are asked for, all are scored by the dot product of their vectors, from -1
 * to 1.
 */
final class ScoreRoutes {
    private static final int MAX_TOP = 1 << 20;

    private final Service service;
    private final Inputs inputs;

    ScoreRoutes(Service service, Inputs inputs) {
        this.service = service;
        this.inputs = inputs;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/score", ErrorStyle.OPENAI, this::score),
                Route.of("POST", "/v1/score", ErrorStyle.OPENAI, this::score),
                Route.of("POST", "/rerank", ErrorStyle.OPENAI, this::rerank),
                Route.of("POST", "/v1/rerank", ErrorStyle.OPENAI, this::rerank),
                Route.of("POST", "/v2/rerank", ErrorStyle.OPENAI, this::rerank));
    }

    private void score(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(body);
        List<Input> left = inputs.all(body.first("queries", "text_1", "data_1"), Strings.EITHER);
        Field documents = body.first("documents", "text_2", "data_2");
        List<Input> right = inputs.all(documents, Strings.EITHER);
        if (left.size() != 1 && left.size() != right.size()) {
            throw documents.invalid(
                    "expected " + left.size() + " items, as many as there are queries, found " + right.size());
        }
        List<Input> queries = new ArrayList<>();
        for (int i = 0; i < right.size(); i++) queries.add(left.get(left.size() == 1 ? 0 : i));
        double[] scores = scores(exchange, model, queries, right);
        Answer.object(exchange, json -> {
            json.writeStringField("id", "score-" + exchange.requestId());
            json.writeStringField("object", "list");
            json.writeStringField("model", model.name());
            json.writeArrayFieldStart("data");
            for (int i = 0; i < scores.length; i++) {
                json.writeStartObject();
                json.writeNumberField("index", i);
                json.writeStringField("object", "score");
                json.writeNumberField("score", scores[i]);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private void rerank(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(body);
        boolean isTei = body.get("documents").isAbsent() && !body.get("texts").isAbsent();
        Field documents = body.first("documents", "texts");
        Input query = inputs.one(body.get("query"), Strings.EITHER);
        List<Input> candidates = inputs.all(documents, Strings.EITHER);
        int top = body.get("top_n").integer(candidates.size(), 1, MAX_TOP);
        boolean hasDocuments = body.first("return_documents", "return_text").flag(false);
        double[] scores =
                scores(exchange, model, candidates.stream().map(_ -> query).toList(), candidates);
        List<Integer> ranking = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .limit(top)
                .toList();
        if (isTei) {
            Answer.array(exchange, json -> {
                for (int i : ranking) {
                    json.writeStartObject();
                    json.writeNumberField("index", i);
                    json.writeNumberField("score", scores[i]);
                    if (hasDocuments && candidates.get(i).isText())
                        json.writeStringField("text", candidates.get(i).text());
                    json.writeEndObject();
                }
            });
            return;
        }
        Answer.object(exchange, json -> {
            json.writeStringField("id", "rerank-" + exchange.requestId());
            json.writeStringField("model", model.name());
            json.writeArrayFieldStart("results");
            for (int i : ranking) {
                json.writeStartObject();
                json.writeNumberField("index", i);
                json.writeNumberField("relevance_score", scores[i]);
                Input document = candidates.get(i);
                if (hasDocuments && document.text() != null) {
                    json.writeObjectFieldStart("document");
                    json.writeStringField("text", document.text());
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private double[] scores(Exchange exchange, ServedModel model, List<Input> left, List<Input> right)
            throws InterruptedException {
        boolean isMatching = model.bridgeTower().heads().contains(Head.MATCHING)
                && IntStream.range(0, left.size()).allMatch(i -> isPair(left.get(i), right.get(i)));
        return isMatching ? matching(exchange, model, left, right) : similarities(exchange, model, left, right);
    }

    private static boolean isPair(Input left, Input right) {
        return left.isText() && right.isImage() || left.isImage() && right.isText();
    }

    private double[] matching(Exchange exchange, ServedModel model, List<Input> left, List<Input> right)
            throws InterruptedException {
        List<TextTokens> texts = new ArrayList<>();
        List<EncodedImage> images = new ArrayList<>();
        List<Service.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            Input text = left.get(i).isText() ? left.get(i) : right.get(i);
            Input image = left.get(i).isText() ? right.get(i) : left.get(i);
            texts.add(Service.tokens(model.textPreparation(), text));
            int last = images.size() - 1;
            boolean isSame =
                    last >= 0 && images.get(last).key().equals(image.image().key());
            if (!isSame) images.add(image.image());
            pairs.add(new Service.Pair(i, images.size() - 1));
        }
        List<Service.Matched> matched = service.match(exchange, model, texts, images, pairs);
        double[] scores = new double[left.size()];
        for (int i = 0; i < scores.length; i++) {
            if (matched.get(i).error() != null) throw matched.get(i).error();
            scores[i] = MatchRoutes.probability(matched.get(i).logits());
        }
        return scores;
    }

    private double[] similarities(Exchange exchange, ServedModel model, List<Input> left, List<Input> right)
            throws InterruptedException {
        List<Input> distinct = new ArrayList<>(left);
        distinct.addAll(right);
        distinct = distinct.stream().distinct().toList();
        List<float[]> vectors = service.vectors(exchange, model, distinct, model.textPreparation())
                .vectors();
        double[] scores = new double[left.size()];
        for (int i = 0; i < scores.length; i++) {
            float[] a = vectors.get(distinct.indexOf(left.get(i))), b = vectors.get(distinct.indexOf(right.get(i)));
            for (int j = 0; j < a.length; j++) scores[i] += (double) a[j] * b[j];
        }
        return scores;
    }
}
