package io.bridgetower.server.routes;

import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.processor.text.Truncation;
import io.bridgetower.server.compute.Scheduler;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.compute.ServedModels;
import io.bridgetower.server.http.ErrorStyle;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.json.Answer;
import io.bridgetower.server.json.Field;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The model server of OPEA, the Open Platform for Enterprise AI. */
final class OpeaRoutes {
    /** Tokens that it truncates texts to. */
    private static final int MAX_TOKENS = 200;

    private final Service service;
    private final ServedModels models;
    private final Scheduler scheduler;
    private final Inputs inputs;
    private final AtomicLong encoded = new AtomicLong();

    OpeaRoutes(Service service, ServedModels models, Scheduler scheduler, Inputs inputs) {
        this.service = service;
        this.models = models;
        this.scheduler = scheduler;
        this.inputs = inputs;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/v1/encode", ErrorStyle.OPENAI, this::encode),
                Route.open("GET", "/v1/health_check", this::health),
                Route.open("POST", "/v1/worker_get_status", this::status));
    }

    private void encode(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(body);
        Input input = inputs.pair(body, body.get("text"), body.get("img_b64_str"), Exif.IGNORE);
        int most = model.bridgeTower().model().config().textConfig().maxTokens();
        TextPreparation preparation =
                model.textPreparation().truncating(Truncation.longestFirst(Math.min(MAX_TOKENS, most)));
        Service.Vectors result = service.vectors(exchange, model, List.of(input), preparation);
        encoded.incrementAndGet();
        Answer.object(exchange, json -> {
            json.writeFieldName("embedding");
            Answer.writeVector(json, result.vectors().getFirst());
        });
    }

    private void health(Exchange exchange) throws IOException {
        Answer.object(exchange, json -> json.writeStringField("message", "BridgeTower server is running..."));
    }

    private void status(Exchange exchange) throws IOException {
        Answer.object(exchange, json -> {
            json.writeArrayFieldStart("model_names");
            for (ServedModel model : models.all()) json.writeString(model.name());
            json.writeEndArray();
            json.writeNumberField("speed", 1);
            json.writeNumberField("queue_length", scheduler.queuedItems());
            json.writeNumberField("global_counter", encoded.get());
        });
    }
}
