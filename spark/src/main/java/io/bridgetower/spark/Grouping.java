package io.bridgetower.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Rows shared out so that those with the same key lie together: one task computes them, one after the other. A key that has
 * more rows than a fair share is split by a hash of the rest of the row, so that a repeated task gets the same rows again.
 */
final class Grouping {
    private static final String KEY = "key";
    private static final String ROWS = "rows";

    /** Keys that are split at the most; each has more rows than a task should. */
    private static final int MAX_SPLIT = 1000;

    /**
     * What there is to compute.
     *
     * @param rows all of them
     * @param keys distinct ones: images
     */
    record Count(long rows, long keys) {}

    private final Dataset<Row> rows;
    private final Column key;
    private final Column rest;

    /**
     * @param key equal for rows that belong together, a long
     * @param rest a hash of what else tells rows apart, a long
     */
    Grouping(Dataset<Row> rows, Column key, Column rest) {
        this.rows = rows;
        this.key = key;
        this.rest = rest;
    }

    /** @param partitions how many to make for so much work */
    Dataset<Row> apply(ToIntFunction<Count> partitions) {
        Dataset<Row> counts = rows.groupBy(key.alias(KEY))
                .agg(functions.count(functions.lit(1)).alias(ROWS));
        Row total = counts.agg(functions.sum(ROWS), functions.count(functions.lit(1)), functions.max(ROWS))
                .first();
        boolean isEmpty = total.isNullAt(0);
        Count count = new Count(isEmpty ? 0 : total.getLong(0), total.getLong(1));
        int number = partitions.applyAsInt(count);
        long share = Math.max(1, Math.ceilDiv(count.rows(), number));
        if (isEmpty || total.getLong(2) <= share) return shared(number, List.of(), share);
        List<Row> large = counts.filter(functions.col(ROWS).gt(share))
                .orderBy(functions.col(ROWS).desc(), functions.col(KEY))
                .limit(MAX_SPLIT)
                .collectAsList();
        return shared(number, large, share);
    }

    private Dataset<Row> shared(int number, List<Row> large, long share) {
        if (large.isEmpty()) return rows.repartition(number, key).sortWithinPartitions(key);
        List<Column> parts = new ArrayList<>();
        for (Row row : large) {
            parts.add(functions.lit(row.getLong(0)));
            parts.add(functions.lit(Math.ceilDiv(row.getLong(1), share)));
        }
        Column split = functions.try_element_at(functions.map(parts.toArray(Column[]::new)), key);
        Column salt = functions.coalesce(functions.pmod(rest, split), functions.lit(0L));
        return rows.repartition(number, key, salt).sortWithinPartitions(key);
    }
}
