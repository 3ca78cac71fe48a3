package io.bridgetower.jobs.table;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a table has a column, or an object of JSON a field, for. */
enum Column {
    ID("id"),
    IMAGE(
            "image",
            "image_path",
            "image_file",
            "image_filename",
            "image_name",
            "img",
            "img_path",
            "file",
            "filename",
            "filepath",
            "path"),
    TEXT("text", "caption", "sentence", "title", "description", "prompt");

    private final String label;
    private final Set<String> usual;

    /** @param others further names that are usual */
    Column(String label, String... others) {
        this.label = label;
        usual = Set.copyOf(List.of(others).stream().map(Column::plain).collect(Collectors.toSet()));
    }

    /** The name that a column has, if it has the one that this project documents. */
    String label() {
        return label;
    }

    /** The name that the options demand; null for none. */
    String named(TableOptions options) {
        return switch (this) {
            case ID -> options.idColumn();
            case IMAGE -> options.imageColumn();
            case TEXT -> options.textColumn();
        };
    }

    /** Whether a column of this name may be the one. */
    boolean matches(String name, TableOptions options) {
        String named = named(options);
        return named != null ? name.equals(named) : plain(name).equals(label) || usual.contains(plain(name));
    }

    /**
     * Which of some columns is the one. The documented name goes before all others.
     *
     * @return its index, or -1 if there is none
     * @throws IllegalArgumentException if several may be
     */
    int in(List<String> names, TableOptions options) {
        int[] found = IntStream.range(0, names.size())
                .filter(i -> names.get(i).equals(label) && matches(label, options))
                .toArray();
        if (found.length == 0) {
            found = IntStream.range(0, names.size())
                    .filter(i -> matches(names.get(i), options))
                    .toArray();
        }
        if (found.length <= 1) return found.length == 0 ? -1 : found[0];
        String all = IntStream.of(found).mapToObj(names::get).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "several columns may be the one: " + all + "; name the " + label + " column");
    }

    /** Names that differ in case, spaces and the like only are the same. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
    }
}
