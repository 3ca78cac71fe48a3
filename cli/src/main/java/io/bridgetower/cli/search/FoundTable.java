package io.bridgetower.cli.search;

import io.bridgetower.cli.terminal.Table;
import io.bridgetower.search.index.Caption;
import io.bridgetower.search.index.IndexedImage;
import io.bridgetower.search.index.Item;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a search has found, for people. */
final class FoundTable {
    private FoundTable() {}

    /**
     * @param kind {@code image} or {@code caption}
     * @param ranked whether there are probabilities
     */
    static void write(List<Found> all, String kind, boolean ranked, Writer out) throws IOException {
        Table table = ranked ? new Table("probability", "similarity", kind) : new Table("similarity", kind);
        for (Found found : all) {
            String similarity = number(found.similarity()), name = name(found.item());
            if (ranked) table.add(number(found.probability().getAsDouble()), similarity, name);
            else table.add(similarity, name);
        }
        table.write(out);
        out.flush();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String name(Item item) {
        return switch (item) {
            case IndexedImage image -> shortest(image.path()).toString();
            case Caption caption -> caption.text();
        };
    }

    /** Relative to the current directory if it is below that. */
    private static Path shortest(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }
}
