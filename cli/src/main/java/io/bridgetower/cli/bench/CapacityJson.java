package io.bridgetower.cli.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bridgetower.cli.terminal.Json;
import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.peak.Peak;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** What a machine does with a model, for machines. */
final class CapacityJson {
    private CapacityJson() {}

    static void write(Capacity capacity, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartObject();
            json.writeStringField("processor", capacity.host().processor());
            json.writeNumberField("processors", capacity.host().processors());
            json.writeStringField("java", capacity.host().java());
            json.writeNumberField("threads", capacity.options().threads());
            json.writeStringField("weights", capacity.options().weights().name().toLowerCase(Locale.ROOT));
            ProductPrecision precision = capacity.options().precision();
            json.writeStringField("precision", precision.name().toLowerCase(Locale.ROOT));
            if (precision != ProductPrecision.F32) json.writeStringField("bf16_unit", ModelOptions.bf16Unit());
            json.writeNumberField("vector_bits", capacity.vectorBits());
            json.writeNumberField("peak_operations_per_second", capacity.peak());
            json.writeStringField("peak_method", Peak.method());
            json.writeNumberField("pair_operations", capacity.operations());
            json.writeNumberField("load_seconds", capacity.loadSeconds());
            json.writeNumberField("first_pair_seconds", capacity.firstSeconds());
            writePercentiles(json, "pair_seconds", capacity.latencies());
            json.writeNumberField(
                    "pair_fraction_of_peak", capacity.fraction(1 / Capacity.percentile(capacity.latencies(), 0.5)));
            json.writeNumberField("batch", capacity.batch());
            json.writeNumberField("batch_pairs_per_second", capacity.batchRate());
            json.writeNumberField("batch_fraction_of_peak", capacity.fraction(capacity.batchRate()));
            json.writeNumberField("captions", Capacity.CAPTIONS);
            json.writeNumberField("caption_pairs_per_second", capacity.captionRate());
            json.writeNumberField("callers", Capacity.CALLERS);
            json.writeNumberField("callers_pairs_per_second", capacity.callersRate());
            writePercentiles(json, "callers_pair_seconds", capacity.callersLatencies());
            if (capacity.residentBytes() < 0) json.writeNullField("resident_bytes");
            else json.writeNumberField("resident_bytes", capacity.residentBytes());
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void writePercentiles(JsonGenerator json, String name, double[] times) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("runs", times.length);
        json.writeNumberField("p50", Capacity.percentile(times, 0.5));
        json.writeNumberField("p90", Capacity.percentile(times, 0.9));
        json.writeNumberField("p99", Capacity.percentile(times, 0.99));
        json.writeEndObject();
    }
}
