package io.bridgetower.server.routes;

import io.bridgetower.inputs.TextPreparation;
import io.bridgetower.processor.text.Encoding;
import io.bridgetower.processor.text.EncodingOptions;
import io.bridgetower.processor.text.Span;
import io.bridgetower.processor.text.Tokenizer;
import io.bridgetower.server.compute.ServedModel;
import io.bridgetower.server.http.ErrorStyle;
import io.bridgetower.server.http.Exchange;
import io.bridgetower.server.http.Route;
import io.bridgetower.server.json.Answer;
import io.bridgetower.server.json.Field;
import java.io.IOException;
import java.util.List;

/** The form of Hugging Face's Text Embeddings Inference. */
final class TeiRoutes {
    private final Service service;
    private final Inputs inputs;

    TeiRoutes(Service service, Inputs inputs) {
        this.service = service;
        this.inputs = inputs;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/embed", ErrorStyle.TEI, this::embed),
                Route.of("POST", "/tokenize", ErrorStyle.TEI, this::tokenize));
    }

    private void embed(Exchange exchange) throws IOException, InterruptedException {
        Field body = service.body(exchange);
        ServedModel model = service.model(body);
        if (!body.get("normalize").flag(true)) {
            throw body.get("normalize").invalid("expected true: the model gives vectors of length 1 only");
        }
        TextPreparation preparation = model.textPreparation();
        if (body.get("truncate").flag(false)) preparation = preparation.truncating();
        Service.Vectors result = service.vectors(exchange, model, inputs.texts(body.get("inputs")), preparation);
        Answer.array(exchange, json -> {
            for (float[] vector : result.vectors()) Answer.writeVector(json, vector);
        });
    }

    private void tokenize(Exchange exchange) throws IOException {
        Field body = Service.read(exchange);
        Tokenizer tokenizer = service.model(body).bridgeTower().processor().tokenizer();
        boolean hasSpecial = body.get("add_special_tokens").flag(true);
        List<Input> texts = inputs.texts(body.get("inputs"));
        Answer.array(exchange, json -> {
            for (Input input : texts) {
                Encoding encoding = tokenizer.encode(input.text(), EncodingOptions.DEFAULT.specialTokens(hasSpecial));
                json.writeStartArray();
                for (int i = 0; i < encoding.ids().length; i++) {
                    int id = encoding.ids()[i];
                    Span span = encoding.codePointOffsets().get(i);
                    json.writeStartObject();
                    json.writeNumberField("id", id);
                    json.writeStringField("text", tokenizer.decode(new int[] {id}, false));
                    json.writeBooleanField("special", encoding.specialTokensMask()[i] != 0);
                    if (span == null) {
                        json.writeNullField("start");
                        json.writeNullField("stop");
                    } else {
                        json.writeNumberField("start", span.start());
                        json.writeNumberField("stop", span.end());
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        });
    }
}
