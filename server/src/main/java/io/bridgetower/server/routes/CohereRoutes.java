package io.bridgetower.server.routes;

import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.processor.text.Side;
import io.bridgetower.processor.text.Truncation;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.http.ErrorStyle;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.json.Answer;
import io.bridgetower.server.json.Field;
import io.bridgetower.server.routes.Inputs.Strings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Vectors in the form of Cohere's second version: a text and an image in one {@code content} have one vector. */
final class CohereRoutes {
    private final Service service;
    private final Inputs inputs;

    CohereRoutes(Service service, Inputs inputs) {
        this.service = service;
        this.inputs = inputs;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/v2/embed", ErrorStyle.MESSAGE, this::embed));
    }

    private void embed(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(body);
        List<Input> wanted = new ArrayList<>();
        if (!body.get("texts").isAbsent()) wanted.addAll(inputs.texts(body.get("texts")));
        if (!body.get("images").isAbsent()) wanted.addAll(inputs.all(body.get("images"), Strings.IMAGES));
        if (!body.get("inputs").isAbsent()) wanted.addAll(inputs.all(body.get("inputs"), Strings.TEXTS));
        if (wanted.isEmpty()) throw body.invalid("expected inputs, texts or images, found none of them");
        Set<String> types = types(body.get("embedding_types"));
        Service.Vectors result = service.vectors(exchange, model, wanted, preparation(model, body.get("truncate")));
        Answer.object(exchange, json -> {
            json.writeStringField("id", exchange.requestId());
            json.writeStringField("response_type", "embeddings_by_type");
            json.writeObjectFieldStart("embeddings");
            for (String type : types) {
                json.writeArrayFieldStart(type);
                for (float[] vector : result.vectors()) {
                    if (type.equals("base64")) json.writeString(Answer.base64(vector));
                    else Answer.writeVector(json, vector);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeArrayFieldStart("texts");
            for (Input input : wanted) if (input.isText()) json.writeString(input.text());
            json.writeEndArray();
            json.writeObjectFieldStart("meta");
            json.writeObjectFieldStart("billed_units");
            json.writeNumberField("input_tokens", result.tokens());
            json.writeNumberField(
                    "images", wanted.stream().filter(input -> !input.isText()).count());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static Set<String> types(Field field) {
        if (field.isAbsent()) return Set.of("float");
        Set<String> types = new LinkedHashSet<>();
        for (Field type : field.listOrOne()) {
            if (!Set.of("float", "base64").contains(type.string())) throw type.invalid("expected float or base64");
            types.add(type.string());
        }
        return types;
    }

    private static TextPreparation preparation(ServedModel model, Field truncate) {
        return switch (truncate.string("END")) {
            case "NONE" -> model.textPreparation();
            case "START" ->
                model.textPreparation().truncating(Truncation.longestFirst().on(Side.LEFT));
            case "END" ->
                model.textPreparation().truncating(Truncation.longestFirst().on(Side.RIGHT));
            default -> throw truncate.invalid("expected NONE, START or END");
        };
    }
}
