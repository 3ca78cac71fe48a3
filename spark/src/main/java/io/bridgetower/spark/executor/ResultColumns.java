package io.bridgetower.spark.executor;

import io.bridgetower.Filled;
import io.bridgetower.jobs.rows.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** The columns that a task adds to rows. */
public enum ResultColumns {
    /** One struct: probability, logits, error. */
    MATCH {
        @Override
        public List<StructField> fields(String output, String error) {
            return List.of(field(
                    output,
                    new StructType()
                            .add("probability", DataTypes.DoubleType)
                            .add("logits", DataTypes.createArrayType(DataTypes.FloatType, false))
                            .add("error", DataTypes.StringType)));
        }

        @Override
        Object[] values(Outcome outcome) {
            Outcome.Match match = outcome instanceof Outcome.Match of ? of : null;
            return new Object[] {
                match == null
                        ? RowFactory.create(null, null, error(outcome))
                        : RowFactory.create(match.probability(), seq(List.of(match.noMatch(), match.match())), null)
            };
        }
    },
    /** One struct: similarity, error. */
    SIMILARITY {
        @Override
        public List<StructField> fields(String output, String error) {
            return List.of(field(
                    output,
                    new StructType().add("similarity", DataTypes.DoubleType).add("error", DataTypes.StringType)));
        }

        @Override
        Object[] values(Outcome outcome) {
            Object similarity = outcome instanceof Outcome.Similarity of ? of.similarity() : null;
            return new Object[] {RowFactory.create(similarity, error(outcome))};
        }
    },
    /** One struct: the completed text, the words of each mask, error. */
    COMPLETED {
        @Override
        public List<StructField> fields(String output, String error) {
            StructType word =
                    new StructType().add("word", DataTypes.StringType).add("probability", DataTypes.DoubleType);
            StructType mask = new StructType()
                    .add("token", DataTypes.IntegerType)
                    .add("words", DataTypes.createArrayType(word, false));
            return List.of(field(
                    output,
                    new StructType()
                            .add("completed", DataTypes.StringType)
                            .add("masks", DataTypes.createArrayType(mask, false))
                            .add("error", DataTypes.StringType)));
        }

        @Override
        Object[] values(Outcome outcome) {
            if (!(outcome instanceof Outcome.Completed completed)) {
                return new Object[] {RowFactory.create(null, null, error(outcome))};
            }
            List<Row> masks = new ArrayList<>();
            for (Filled mask : completed.masks()) {
                List<Row> words = mask.words().stream()
                        .map(word -> RowFactory.create(word.text(), word.probability()))
                        .toList();
                masks.add(RowFactory.create(mask.token(), seq(words)));
            }
            return new Object[] {RowFactory.create(completed.text(), seq(masks), null)};
        }
    },
    /** Two columns: the vector, the error. */
    EMBEDDING {
        @Override
        public List<StructField> fields(String output, String error) {
            return List.of(
                    field(output, DataTypes.createArrayType(DataTypes.FloatType, false)),
                    field(error, DataTypes.StringType));
        }

        @Override
        Object[] values(Outcome outcome) {
            return new Object[] {outcome instanceof Outcome.Embedding of ? of.vector() : null, error(outcome)};
        }
    };

    /**
     * What is added to a schema.
     *
     * @param error name of the column of errors, if there is one
     */
    public abstract List<StructField> fields(String output, String error);

    /** What is added to a row, in the order of the fields. */
    abstract Object[] values(Outcome outcome);

    private static StructField field(String name, DataType type) {
        return DataTypes.createStructField(name, type, true);
    }

    private static String error(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed ? failed.reason() : null;
    }

    private static Object seq(List<?> values) {
        return CollectionConverters.asScala(values).toSeq();
    }
}
