package io.bridgetower.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import py4j.reflection.ReflectionEngine;

/** Params, schemas and persistence, for which no model is loaded unless a pipeline runs. */
class ParamsTest {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.IntegerType)
            .add("image", DataTypes.BinaryType)
            .add("text", DataTypes.StringType);

    private static void refuses(String message, Executable action) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    @Test
    void wrongValuesAreRefusedWhenTheyAreSet() {
        BridgeTowerScorer scorer = new BridgeTowerScorer();
        refuses("onError: expected keep, drop or fail, found ignore", () -> scorer.setOnError("ignore"));
        refuses("task: expected match or contrastive, found fill", () -> scorer.setTask("fill"));
        refuses("weights: expected f32 or bf16, found f16", () -> scorer.setWeights("f16"));
        refuses("precision: expected f32, bf16, bf16x3 or bf16x6, found f16", () -> scorer.setPrecision("f16"));
        refuses("maxMemory: expected a size such as 500m or 2g, found much", () -> scorer.setMaxMemory("much"));
        refuses("maxMemory: expected a size such as 500m or 2g, found 0", () -> scorer.setMaxMemory("0"));
        assertThrows(IllegalArgumentException.class, () -> scorer.setThreads(-1));
        assertThrows(IllegalArgumentException.class, () -> scorer.setPartitions(-1));
        assertThrows(IllegalArgumentException.class, () -> scorer.setTaskSeconds(0));
        assertThrows(IllegalArgumentException.class, () -> new BridgeTowerFiller().setTop(0));
    }

    @Test
    void settersTakeWhatPythonsGatewayGives() {
        BridgeTowerScorer scorer = new BridgeTowerScorer();
        ReflectionEngine gateway = new ReflectionEngine();
        Map<String, Object> values = Map.of(
                "setModel",
                "m",
                "setThreads",
                3,
                "setTruncate",
                true,
                "setSecondsPerPair",
                0.5,
                "setTask",
                "contrastive");
        values.forEach((name, value) -> {
            Object[] arguments = {value};
            assertSame(scorer, gateway.invoke(scorer, gateway.getMethod(scorer, name, arguments), arguments));
        });
        assertEquals(3, scorer.source(8).threads());
        assertEquals("m", scorer.source(8).model());
        assertTrue(scorer.is(scorer.truncate()));
        assertEquals(0.5, scorer.getOrDefaultDouble(scorer.secondsPerPair()));
    }

    @Test
    void theSchemaIsCheckedWithoutAModel() {
        BridgeTowerScorer scorer = new BridgeTowerScorer();
        refuses("model: expected a path or a name on the Hub, not set", () -> scorer.transformSchema(SCHEMA));
        scorer.setModel("any");
        refuses(
                "imageCol: expected the column photo, found id, image, text",
                () -> scorer.copy(ParamMap.empty()).setImageCol("photo").transformSchema(SCHEMA));
        refuses(
                "imageCol: expected the column id to be of type string (a path), binary (a file), or a struct as"
                        + " Spark's sources binaryFile and image give, found int",
                () -> scorer.copy(ParamMap.empty()).setImageCol("id").transformSchema(SCHEMA));
        refuses(
                "textCol: expected the column image to be of type string, found binary",
                () -> scorer.copy(ParamMap.empty()).setTextCol("image").transformSchema(SCHEMA));
        refuses(
                "outputCol: expected a new column, found id, which exists",
                () -> scorer.copy(ParamMap.empty()).setOutputCol("id").transformSchema(SCHEMA));
        assertEquals(
                "struct<id:int,image:binary,text:string,score:struct<probability:double,logits:array<float>,error:string>>",
                scorer.transformSchema(SCHEMA).simpleString());
        assertEquals(
                "struct<id:int,image:binary,text:string,score:struct<similarity:double,error:string>>",
                scorer.copy(ParamMap.empty())
                        .setTask("contrastive")
                        .transformSchema(SCHEMA)
                        .simpleString());
        assertEquals(
                "struct<text:string,v:array<float>,e:string>",
                new BridgeTowerEmbedder()
                        .setModel("any")
                        .setTask("text")
                        .setOutputCol("v")
                        .setErrorCol("e")
                        .transformSchema(new StructType().add("text", DataTypes.StringType))
                        .simpleString());
    }

    @Test
    void aModelThatIsNotThereAndTooLittleMemoryAreNamedOnTheDriver() {
        Dataset<Row> table = LocalSpark.table(LocalSpark.pairs(1, "a star"));
        BridgeTowerScorer scorer = new BridgeTowerScorer().setModel("/no/such/model");
        var missing = assertThrows(java.io.UncheckedIOException.class, () -> scorer.transform(table));
        assertTrue(missing.getCause().getMessage().startsWith("/no/such/model: no such model on "), missing.toString());
        scorer.setModel(LocalSpark.MODEL).setMaxMemory("2m");
        refuses(
                "maxMemory: 2m are shared by the tasks of an executor; memory of the job: expected at least 2m for this"
                        + " model, found 1m",
                () -> scorer.transform(table));
    }

    @Test
    void transformersAreSavedAndLoadedWithTheirParams(@TempDir Path directory) throws IOException {
        LocalSpark.session();
        String path = directory.resolve("filler").toString();
        BridgeTowerFiller filler = new BridgeTowerFiller()
                .setModel(LocalSpark.MODEL)
                .setTop(2)
                .setThreads(3)
                .setTruncate(true)
                .setSecondsPerPair(0.25);
        filler.save(path);
        BridgeTowerFiller loaded = BridgeTowerFiller.load(path);
        assertEquals(filler.uid(), loaded.uid());
        assertEquals(filler.explainParams(), loaded.explainParams());
        assertEquals(2, loaded.words());
        BridgeTowerFiller copy = loaded.copy(ParamMap.empty());
        assertNotEquals(loaded.words(), copy.setTop(7).words());
    }

    @Test
    void aPipelineRunsAfterItWasSaved(@TempDir Path directory) throws IOException {
        List<Row> pairs = LocalSpark.pairs(5, "a star, %d");
        BridgeTowerScorer scorer = new BridgeTowerScorer()
                .setModel(LocalSpark.MODEL)
                .setImageRoot(LocalSpark.EXAMPLES.toString())
                .setPartitions(1);
        BridgeTowerEmbedder embedder = new BridgeTowerEmbedder()
                .setModel(LocalSpark.MODEL)
                .setImageRoot(LocalSpark.EXAMPLES.toString())
                .setGrouped(false);
        Dataset<Row> table = LocalSpark.table(pairs);
        PipelineModel pipeline =
                new Pipeline().setStages(new PipelineStage[] {scorer, embedder}).fit(table);
        String path = directory.resolve("pipeline").toString();
        pipeline.save(path);
        PipelineModel loaded = PipelineModel.load(path);
        assertInstanceOf(BridgeTowerScorer.class, loaded.stages()[0]);
        List<Row> expected = pipeline.transform(table).orderBy("id").collectAsList();
        assertArrayEquals(
                expected.toArray(),
                loaded.transform(table).orderBy("id").collectAsList().toArray());
        assertEquals(5, expected.size());
    }
}
