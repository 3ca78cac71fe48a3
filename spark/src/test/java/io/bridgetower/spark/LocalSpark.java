package io.bridgetower.spark;

import io.bridgetower.jobs.JobOptions;
import io.bridgetower.jobs.ScoringJob;
import io.bridgetower.jobs.rows.ImageSource;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.model.ModelOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** One session of two threads for all tests, the demo model, and rows for it. */
public final class LocalSpark {
    public static final Path ROOT = Path.of(System.getProperty("bridgetower.root"));
    public static final String MODEL = ROOT.resolve("models/demo").toString();
    public static final Path EXAMPLES = ROOT.resolve("examples");
    public static final int TASKS = 2;

    private static final SparkSession SESSION = SparkSession.builder()
            .master("local[" + TASKS + "]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", 2)
            // Queries are too small to be compiled.
            .config("spark.sql.codegen.wholeStage", false)
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config(
                    "spark.sql.warehouse.dir",
                    ROOT.resolve("spark/target/warehouse").toString())
            .getOrCreate();

    private LocalSpark() {}

    public static SparkSession session() {
        return SESSION;
    }

    /** Rows with an id, the name of an image and a text; every tenth image is not there. */
    public static List<Row> pairs(int number, String text) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String image = i % 10 == 9 ? "none.png" : "%02d.png".formatted(1 + i * 7 % 12);
            rows.add(RowFactory.create(i, image, text.formatted(i % 5)));
        }
        return rows;
    }

    public static Dataset<Row> table(List<Row> rows, DataType image) {
        return SESSION.createDataFrame(
                rows,
                new StructType()
                        .add("id", DataTypes.IntegerType)
                        .add("image", image)
                        .add("text", DataTypes.StringType));
    }

    public static Dataset<Row> table(List<Row> rows) {
        return table(rows, DataTypes.StringType);
    }

    public static byte[] content(String image) {
        try {
            return Files.readAllBytes(EXAMPLES.resolve(image));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a job on one machine makes of the rows, by id. */
    public static Map<Integer, Outcome> expected(JobOptions options, List<Row> rows) throws IOException {
        return expected(options, rows, EXAMPLES);
    }

    /** As {@link #expected(JobOptions, List)}, with images of a directory. */
    public static Map<Integer, Outcome> expected(JobOptions options, List<Row> rows, Path images) throws IOException {
        Map<Integer, Outcome> outcomes = new HashMap<>();
        try (ScoringJob job = ScoringJob.load(Path.of(MODEL), new ModelOptions(2), options)) {
            job.run(
                    rows.stream()
                            .map(row -> PairRow.of(row.getInt(0), row.getString(1), row.getString(2)))
                            .iterator(),
                    ImageSource.below(images),
                    result -> outcomes.put(result.id(), result.outcome()));
        }
        return outcomes;
    }
}
