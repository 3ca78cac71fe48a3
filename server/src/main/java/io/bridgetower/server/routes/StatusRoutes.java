package io.bridgetower.server.routes;

import io.bridgetower.Head;
import io.bridgetower.server.compute.Scheduler;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.compute.ServedModels;
import io.bridgetower.server.http.ErrorStyle;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.HttpError;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.json.Answer;
import io.bridgetower.server.metrics.ServerMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What the server tells of itself: probes of KServe's second protocol, information, metrics. */
final class StatusRoutes {
    private final ServedModels models;
    private final Scheduler scheduler;
    private final ServerMetrics metrics;
    private final ServerInfo info;

    StatusRoutes(ServedModels models, Scheduler scheduler, ServerMetrics metrics, ServerInfo info) {
        this.models = models;
        this.scheduler = scheduler;
        this.metrics = metrics;
        this.info = info;
    }

    List<Route> routes() {
        return List.of(
                Route.open(
                        "GET",
                        "/health",
                        exchange -> ready(exchange, !models.all().isEmpty())),
                Route.open("GET", "/v2/health/live", exchange -> ready(exchange, true)),
                Route.open(
                        "GET",
                        "/v2/health/ready",
                        exchange -> ready(exchange, !models.all().isEmpty() && scheduler.hasRoom())),
                Route.open("GET", "/v2/models/{model}/ready", this::modelReady),
                Route.of("GET", "/info", ErrorStyle.TEI, this::info),
                Route.of(
                        "GET",
                        "/metrics",
                        ErrorStyle.OPENAI,
                        exchange -> exchange.send(200, ServerMetrics.CONTENT_TYPE, metrics::write)));
    }

    private static void ready(Exchange exchange, boolean isReady) throws IOException {
        Answer.send(exchange, isReady ? 200 : 503, json -> {
            json.writeStartObject();
            json.writeBooleanField("ready", isReady);
            json.writeEndObject();
        });
    }

    private void modelReady(Exchange exchange) throws IOException {
        boolean isReady = models.findNamed(exchange.pathValue("model")).isPresent();
        if (!isReady && !models.all().isEmpty()) {
            throw HttpError.of(HttpError.Kind.NOT_FOUND, "there is no such model");
        }
        ready(exchange, isReady);
    }

    private void info(Exchange exchange) throws IOException {
        Answer.object(exchange, json -> {
            json.writeStringField("version", info.version());
            if (!models.all().isEmpty())
                json.writeStringField("model_id", models.all().getFirst().name());
            json.writeNumberField("max_client_batch_size", info.maxItems());
            json.writeNumberField("max_body_bytes", info.maxBody());
            json.writeNumberField("max_queue_seconds", info.maxQueueSeconds());
            json.writeNumberField("queued_seconds", scheduler.queuedSeconds());
            json.writeArrayFieldStart("models");
            for (ServedModel model : models.all()) {
                json.writeStartObject();
                json.writeStringField("id", model.name());
                json.writeStringField(
                        "weights",
                        model.bridgeTower().model().weightPrecision().name().toLowerCase(Locale.ROOT));
                json.writeStringField(
                        "precision",
                        model.bridgeTower().model().productPrecision().name().toLowerCase(Locale.ROOT));
                json.writeNumberField(
                        "max_input_length",
                        model.bridgeTower().model().config().textConfig().maxTokens());
                json.writeNumberField("operations_per_second", model.cost().operationsPerSecond());
                json.writeArrayFieldStart("heads");
                for (Head head : model.bridgeTower().heads())
                    json.writeString(head.name().toLowerCase(Locale.ROOT));
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
