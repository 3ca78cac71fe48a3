package io.bridgetower.server.routes;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.text.Side;
import io.bridgetower.processor.text.Truncation;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.compute.ServedModels;
import io.bridgetower.server.http.ErrorStyle;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.json.Answer;
import io.bridgetower.server.json.Field;
import io.bridgetower.server.routes.Inputs.Strings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Vectors in the forms of OpenAI, with the images of Infinity and Jina; of Prediction Guard, for which texts and images may be
 * one; and of OPEA's microservice, which has {@code text} in place of {@code input}.
 */
final class EmbeddingRoutes {
    private final Service service;
    private final ServedModels models;
    private final Inputs inputs;

    EmbeddingRoutes(Service service, ServedModels models, Inputs inputs) {
        this.service = service;
        this.models = models;
        this.inputs = inputs;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/embeddings", ErrorStyle.OPENAI, this::embed),
                Route.of("GET", "/embeddings", ErrorStyle.OPENAI, this::list),
                Route.of("POST", "/v1/embeddings", ErrorStyle.OPENAI, this::embed),
                Route.of("GET", "/v1/models", ErrorStyle.OPENAI, this::list));
    }

    private void embed(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        if (body.get("input").isAbsent() && !body.get("text").isAbsent()) {
            document(exchange, body);
            return;
        }
        ServedModel model = service.model(body);
        List<Input> wanted = inputs.all(body.get("input"), strings(body.get("modality")));
        boolean isBase64 = isBase64(body.get("encoding_format"));
        TextPreparation preparation = preparation(model, body);
        checkDimensions(body, model);
        Service.Vectors result = service.vectors(exchange, model, wanted, preparation);
        Answer.object(exchange, json -> {
            json.writeStringField("id", "emb-" + exchange.requestId());
            json.writeStringField("object", "list");
            json.writeNumberField("created", Instant.now().getEpochSecond());
            json.writeStringField("model", model.name());
            json.writeArrayFieldStart("data");
            int index = 0;
            for (float[] vector : result.vectors()) {
                json.writeStartObject();
                json.writeNumberField("index", index++);
                json.writeStringField("object", "embedding");
                json.writeFieldName("embedding");
                if (isBase64) json.writeString(Answer.base64(vector));
                else Answer.writeVector(json, vector);
                json.writeEndObject();
            }
            json.writeEndArray();
            usage(json, result.tokens());
        });
    }

    /** The form of OPEA: a text, or {@code {"text": …, "image": …}}; in each, the text may be {@code {"text": …}}. */
    private void document(Exchange exchange, Field body) throws IOException, InterruptedException {
        ServedModel model = service.model(body);
        Field text = body.get("text");
        boolean isDocument =
                text.isObject() && !text.first("image", "url", "base64_image").isAbsent();
        Field document = isDocument ? text : body;
        Field inner = text.isObject() ? text.get("text") : text;
        if (inner.isObject()) inner = inner.get("text");
        Input input = inputs.pair(body, inner, document.get("image"), Exif.IGNORE);
        Service.Vectors result = service.vectors(
                exchange, model, List.of(input), model.textPreparation().truncating());
        Answer.object(exchange, json -> {
            json.writeStringField("id", "emb-" + exchange.requestId());
            json.writeStringField("model", model.name());
            if (input.text() != null) json.writeStringField("text", input.text());
            json.writeFieldName("embedding");
            Answer.writeVector(json, result.vectors().getFirst());
            usage(json, result.tokens());
        });
    }

    private void list(Exchange exchange) throws IOException {
        Answer.object(exchange, json -> {
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (ServedModel model : models.all()) {
                json.writeStartObject();
                json.writeStringField("id", model.name());
                json.writeStringField("object", "model");
                json.writeStringField("owned_by", "bridgetower");
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    static void usage(JsonGenerator json, int tokens) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", tokens);
        json.writeNumberField("total_tokens", tokens);
        json.writeEndObject();
    }

    private static Strings strings(Field modality) {
        return switch (modality.string("text")) {
            case "text" -> Strings.TEXTS;
            case "image" -> Strings.IMAGES;
            default -> throw modality.invalid("expected text or image");
        };
    }

    private static boolean isBase64(Field format) {
        return switch (format.string("float")) {
            case "float" -> false;
            case "base64" -> true;
            default -> throw format.invalid("expected float or base64");
        };
    }

    private static TextPreparation preparation(ServedModel model, Field body) {
        Field direction = body.first("truncation_direction", "truncate_direction");
        Side side = switch (direction.string("Right").toLowerCase(Locale.ROOT)) {
            case "right" -> Side.RIGHT;
            case "left" -> Side.LEFT;
            default -> throw direction.invalid("expected Right or Left");
        };
        if (!body.get("truncate").flag(false)) return model.textPreparation();
        return model.textPreparation().truncating(Truncation.longestFirst().on(side));
    }

    private static void checkDimensions(Field body, ServedModel model) {
        int size = model.bridgeTower().model().config().contrastiveHiddenSize();
        body.get("dimensions").integer(size, size, size);
    }
}
