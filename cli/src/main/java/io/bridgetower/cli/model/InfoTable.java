package io.bridgetower.cli.model;

import io.bridgetower.cli.terminal.Table;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a model directory holds, for people. */
final class InfoTable {
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;

    private InfoTable() {}

    static void write(ModelInfo info, Writer out) throws IOException {
        Table table = new Table("model", info.directory().toString());
        table.add("architecture", info.architecture().title());
        for (Map.Entry<String, Integer> size : info.shape().entrySet()) {
            table.add("  " + size.getKey(), Integer.toString(size.getValue()));
        }
        table.add("parameters", count(info.totalParameters()));
        for (Map.Entry<String, Long> part : info.parameters().entrySet()) {
            table.add("  " + part.getKey(), count(part.getValue()));
        }
        table.add("heads", info.heads().isEmpty() ? "none" : String.join(", ", info.heads()));
        table.add("stored as", String.join(", ", info.types().keySet()));
        table.add("memory", decimal(info.memoryBytes() / MEGA) + " MB for the weights");
        if (info.costs() != null) {
            String parts = info.costs().entrySet().stream()
                    .filter(cost -> !cost.getKey().equals("pair"))
                    .map(cost -> cost.getKey() + " " + decimal(cost.getValue() / GIGA))
                    .collect(Collectors.joining(", "));
            table.add(
                    "a pair takes",
                    decimal(info.costs().get("pair") / GIGA) + " billion operations with a text of "
                            + ModelInfo.TEXT_TOKENS + " tokens: " + parts);
        }
        table.write(out);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, number < 10 ? "%.2f" : "%,.1f", number);
    }
}
