package io.bridgetower.server.routes;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.Explanation;
import io.bridgetower.Filled;
import io.bridgetower.Image;
import io.bridgetower.MaskFiller;
import io.bridgetower.Score;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.server.compute.EncodedImage;
import io.bridgetower.server.compute.Item;
import io.bridgetower.server.compute.PreparedImage;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.compute.TextTokens;
import io.bridgetower.server.compute.Work;
import io.bridgetower.server.http.ErrorStyle;
import io.bridgetower.server.http.Errors;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.HttpError;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.json.Answer;
import io.bridgetower.server.json.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Future;

/** What this model does and others' interfaces have no form for: matching, filling masks, explaining. */
final class MatchRoutes {
    private static final int DEFAULT_TOP = 5, MAX_TOP = 100;

    private final Service service;
    private final Inputs inputs;
    private final int maxItems;

    /** @param maxItems pairs of a request at most */
    MatchRoutes(Service service, Inputs inputs, int maxItems) {
        this.service = service;
        this.inputs = inputs;
        this.maxItems = maxItems;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/v1/match", ErrorStyle.OPENAI, this::match),
                Route.of("POST", "/v1/fill", ErrorStyle.OPENAI, this::fill),
                Route.of("POST", "/v1/explain", ErrorStyle.OPENAI, this::explain));
    }

    /** The probability that a text and an image belong together. */
    static double probability(Score.Logits logits) {
        return BridgeTowerForImageAndTextRetrieval.probability(new float[] {logits.noMatch(), logits.match()});
    }

    /** All pairs of images and texts. */
    private void match(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(body);
        model.bridgeTower().matching();
        List<Input> texts = inputs.texts(body.first("texts", "text"));
        List<Field> imageFields = inputs.images(body.first("images", "image"));
        if ((long) texts.size() * imageFields.size() > maxItems) {
            throw body.invalid("expected at most " + maxItems + " pairs of texts and images, found "
                    + (long) texts.size() * imageFields.size());
        }
        List<TextTokens> tokens = new ArrayList<>();
        for (Input text : texts) tokens.add(Service.tokens(model.textPreparation(), text));
        List<EncodedImage> images = new ArrayList<>();
        HttpError[] errors = new HttpError[imageFields.size()];
        List<Service.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < errors.length; i++) {
            try {
                images.add(inputs.read(imageFields.get(i)));
                for (int text = 0; text < texts.size(); text++) pairs.add(new Service.Pair(text, images.size() - 1));
            } catch (HttpError e) {
                // One that cannot be read harms no other.
                errors[i] = e;
            }
        }
        var matched = service.match(exchange, model, tokens, images, pairs).iterator();
        Answer.object(exchange, json -> {
            json.writeStringField("model", model.name());
            json.writeArrayFieldStart("results");
            for (int image = 0; image < errors.length; image++) {
                for (int text = 0; text < texts.size(); text++) {
                    json.writeStartObject();
                    json.writeNumberField("image", image);
                    json.writeNumberField("text", text);
                    if (errors[image] != null) json.writeStringField("error", errors[image].getMessage());
                    else write(json, matched.next());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, Service.Matched matched) throws IOException {
        if (matched.error() != null) {
            json.writeStringField("error", matched.error().getMessage());
            return;
        }
        Score.Logits logits = matched.logits();
        json.writeNumberField("probability", probability(logits));
        json.writeArrayFieldStart("logits");
        json.writeNumber(logits.noMatch());
        json.writeNumber(logits.match());
        json.writeEndArray();
    }

    private void fill(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(body);
        model.bridgeTower().maskedLM();
        int top = body.get("top").integer(DEFAULT_TOP, 1, MAX_TOP);
        Input input = new Input(body.get("text"), body.get("text").string(), inputs.read(body.get("image")));
        MaskFiller filler = new MaskFiller(model.bridgeTower().processor().tokenizer());
        TextTokens text = Service.tokens(model.textPreparation(), input);
        int[] masks = Service.named(input.field(), () -> filler.masks(text.ids()));
        List<Filled> filled;
        try (Work work = service.admit(exchange, model, model.cost().wholeSeconds(text))) {
            Future<List<Filled>> result = Service.named(body.get("image"), () -> {
                try (PreparedImage image = model.prepare(input.image())) {
                    return work.submit(new Item.Fill(text, image, masks, top));
                }
            });
            filled = work.await(result);
        }
        String completed = filler.complete(text.ids(), filled);
        Answer.object(exchange, json -> {
            json.writeStringField("model", model.name());
            json.writeStringField("text", completed);
            json.writeArrayFieldStart("masks");
            for (Filled mask : filled) {
                json.writeStartObject();
                json.writeNumberField("token", mask.token());
                json.writeArrayFieldStart("words");
                for (Filled.Word word : mask.words()) {
                    json.writeStartObject();
                    json.writeStringField("word", word.text().strip());
                    json.writeNumberField("probability", word.probability());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private void explain(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(body);
        int layers = model.bridgeTower().model().config().numHiddenLayers();
        int layer = body.get("layer").integer(layers - 1, 0, layers - 1);
        Input input = new Input(body.get("text"), body.get("text").string(), inputs.read(body.get("image")));
        Service.tokens(model.textPreparation(), input);
        Explanation explanation;
        try (Work work = service.admit(exchange, model, model.cost().explainSeconds())) {
            Future<Explanation> result = Service.named(body.get("image"), () -> {
                Image image = model.decode(input.image());
                return work.submit(new Item.Explain(input.text(), image));
            });
            explanation = work.await(result);
        } catch (IllegalArgumentException e) {
            throw Errors.of(e, input.field().place());
        }
        Answer.object(exchange, json -> {
            json.writeStringField("model", model.name());
            json.writeNumberField("layer", layer);
            json.writeNumberField("layers", explanation.layers());
            json.writeNumberField("rows", explanation.rows());
            json.writeNumberField("columns", explanation.columns());
            json.writeStringField(
                    "image",
                    "data:image/png;base64,"
                            + Base64.getEncoder()
                                    .encodeToString(explanation.image().toPng()));
            json.writeArrayFieldStart("words");
            for (int word = 0; word < explanation.words().size(); word++) {
                json.writeStartObject();
                json.writeStringField("word", explanation.words().get(word));
                json.writeFieldName("weights");
                Answer.writeVector(json, explanation.mean(layer, word));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
