package io.bridgetower.cli.bench;

import io.bridgetower.cli.terminal.Table;
import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.peak.Peak;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/** What a machine does with a model, for people. */
final class CapacityTable {
    private CapacityTable() {}

    static void write(Capacity capacity, Writer out) throws IOException {
        Host host = capacity.host();
        Table table = new Table("processor", host.processor() + ", " + host.processors() + " available");
        table.add("java", host.java());
        table.add("threads", Integer.toString(capacity.options().threads()));
        table.add("weights", capacity.options().weights().name().toLowerCase(Locale.ROOT));
        ProductPrecision precision = capacity.options().precision();
        String unit = precision == ProductPrecision.F32 ? "" : ", by " + ModelOptions.bf16Unit();
        table.add("products", precision.name().toLowerCase(Locale.ROOT) + unit);
        table.add("vectors", capacity.vectorBits() + " bits");
        table.add("peak", format("%.1f billion operations/s, by ", capacity.peak() / 1e9) + Peak.method());
        table.add("a pair", format("%.1f billion operations", capacity.operations() / 1e9));
        table.add("loading", format("%.2f s", capacity.loadSeconds()));
        table.add("first pair", milliseconds(capacity.firstSeconds()));
        double[] latencies = capacity.latencies();
        table.add(
                "one pair",
                percentiles(latencies)
                        + format("; %.2f of the peak", capacity.fraction(1 / Capacity.percentile(latencies, 0.5))));
        table.add(
                "batches of " + capacity.batch(),
                format(
                        "%.2f pairs/s; %.2f of the peak",
                        capacity.batchRate(), capacity.fraction(capacity.batchRate())));
        table.add("one image, " + Capacity.CAPTIONS + " texts", format("%.2f pairs/s", capacity.captionRate()));
        double[] callers = capacity.callersLatencies();
        table.add(
                Capacity.CALLERS + " callers at once",
                format("%.2f pairs/s; ", capacity.callersRate()) + percentiles(callers));
        if (capacity.residentBytes() >= 0) {
            table.add("memory", format("%.0f MB resident", capacity.residentBytes() / 1e6));
        }
        table.write(out);
    }

    private static String percentiles(double[] times) {
        return "p50 " + milliseconds(Capacity.percentile(times, 0.5)) + ", p90 "
                + milliseconds(Capacity.percentile(times, 0.9)) + ", p99 "
                + milliseconds(Capacity.percentile(times, 0.99)) + " of " + times.length;
    }

    private static String milliseconds(double seconds) {
        return format(seconds < 0.01 ? "%.2f ms" : "%.0f ms", seconds * 1e3);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
