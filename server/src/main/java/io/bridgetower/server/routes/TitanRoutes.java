package io.bridgetower.server.routes;

import io.bridgetower.processor.image.raster.Exif;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.http.ErrorStyle;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.json.Answer;
import io.bridgetower.server.json.Field;
import java.io.IOException;
import java.util.List;

/** Vectors in the form of Amazon Titan, which OpenSearch's connectors have functions for. */
final class TitanRoutes {
    private final Service service;
    private final Inputs inputs;

    TitanRoutes(Service service, Inputs inputs) {
        this.service = service;
        this.inputs = inputs;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/model/{model}/invoke", ErrorStyle.MESSAGE, this::invoke));
    }

    private void invoke(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(exchange.pathValue("model"));
        Input input = inputs.pair(body, body.get("inputText"), body.get("inputImage"), Exif.APPLY);
        Service.Vectors result = service.vectors(
                exchange, model, List.of(input), model.textPreparation().truncating());
        Answer.object(exchange, json -> {
            json.writeFieldName("embedding");
            Answer.writeVector(json, result.vectors().getFirst());
            json.writeNumberField("inputTextTokenCount", result.tokens());
            json.writeNullField("message");
        });
    }
}
