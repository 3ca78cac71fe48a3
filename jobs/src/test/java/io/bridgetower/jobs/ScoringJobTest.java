package io.bridgetower.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.jobs.rows.ImageSource;
import io.bridgetower.jobs.rows.JobSummary;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.jobs.rows.Task;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.BridgeTowerForMaskedLM;
import io.bridgetower.model.inputs.ImageInputs;
import io.bridgetower.model.inputs.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoringJobTest {
    private static final long LITTLE = 3 << 20;

    @Test
    void everyPairHasTheBitsOfItsForwardAndEverySideIsEncodedOnce() throws IOException {
        List<PairRow<Integer>> rows = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            rows.add(PairRow.of(i, "image " + random.nextInt(20), "text of " + random.nextInt(30) + " words"));
        }
        List<PairResult<Integer>> results = new ArrayList<>();
        AtomicInteger decoded = new AtomicInteger();
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH))) {
            JobSummary summary = job.run(
                    rows.iterator(),
                    name -> {
                        decoded.incrementAndGet();
                        return Demo.noise(name);
                    },
                    results::add);
            assertEquals(new JobSummary(300, 0), summary);
            assertEquals(20, decoded.get());
            assertEquals(20, job.trunk().usage().images());
            assertEquals(30, job.trunk().usage().texts());
            assertEquals(300, job.trunk().usage().pairs());
            assertEquals(0, job.trunk().usage().encodingBytes());
        }
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(Demo.MODEL);
        try (var model = BridgeTowerForImageAndTextRetrieval.load(Demo.MODEL)) {
            for (int i = 0; i < 300; i++) {
                assertEquals(i, results.get(i).id());
                if (i % 10 > 0) continue;
                var inputs = processor.process(
                        List.of(Demo.noise(rows.get(i).image())),
                        List.of(rows.get(i).text()));
                float[] logits = model.logits(
                                inputs.texts().inputIds(), null, inputs.images().pixelValues())[0];
                assertEquals(
                        new Outcome.Match(logits[0], logits[1]), results.get(i).outcome());
            }
        }
    }

    @Test
    void aBadRowFailsAloneInItsPlace() throws IOException {
        List<PairRow<String>> rows = List.of(
                PairRow.of("a", "x", "a star"),
                PairRow.broken("b", "line 2: what is this"),
                PairRow.of("c", null, "a star"),
                PairRow.of("d", "", "a star"),
                PairRow.of("e", "x", null),
                PairRow.of("f", "none.png", "a star"),
                PairRow.of("g", "none.png", "two stars"),
                PairRow.of("h", "x", "word ".repeat(100)),
                PairRow.of("i", "y", "a star"));
        List<PairResult<String>> results = new ArrayList<>();
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH))) {
            assertEquals(new JobSummary(9, 7), job.run(rows.iterator(), Demo::noise, results::add));
            for (String good : new String[] {"a", "i"}) {
                List<PairResult<String>> alone = new ArrayList<>();
                job.run(rows.stream().filter(row -> row.id().equals(good)).iterator(), Demo::noise, alone::add);
                assertTrue(results.contains(alone.getFirst()), good);
            }
        }
        List<String> reasons = results.stream()
                .map(PairResult::outcome)
                .filter(Outcome.Failed.class::isInstance)
                .map(outcome -> ((Outcome.Failed) outcome).reason())
                .toList();
        assertEquals(
                List.of(
                        "line 2: what is this",
                        "no image",
                        "no image",
                        "no text",
                        "none.png: there is none",
                        "none.png: there is none"),
                reasons.subList(0, 6));
        assertTrue(reasons.getLast().startsWith("the text \"word "), reasons.getLast());
        assertEquals(
                List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"),
                results.stream().map(PairResult::id).toList());
    }

    /** Whatever reading an image throws, but for an error of the virtual machine. */
    @Test
    void anImageThatFailsWithAnErrorFailsAlone() throws IOException {
        Map<String, Error> thrown = Map.of(
                "memory", new OutOfMemoryError("Java heap space"),
                "stack", new StackOverflowError(),
                "linkage", new NoClassDefFoundError("codec"),
                "initializer", new ExceptionInInitializerError("codec"));
        List<PairRow<String>> rows = new ArrayList<>();
        for (String image : List.of("x", "memory", "y", "stack", "linkage", "initializer", "z", "memory")) {
            rows.add(PairRow.of(image, image, "a star"));
        }
        Map<String, Outcome> outcomes = new HashMap<>();
        ImageSource source = name -> {
            if (thrown.containsKey(name)) throw thrown.get(name);
            return Demo.noise(name);
        };
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH))) {
            JobSummary summary =
                    job.run(rows.iterator(), source, result -> outcomes.put(result.id(), result.outcome()));
            assertEquals(new JobSummary(8, 5), summary);
            for (String sound : List.of("x", "y", "z")) {
                assertInstanceOf(Outcome.Match.class, outcomes.get(sound), sound);
            }
            assertEquals(new Outcome.Failed("memory: not enough memory (Java heap space)"), outcomes.get("memory"));
            assertEquals(new Outcome.Failed("stack: java.lang.StackOverflowError"), outcomes.get("stack"));
            assertEquals(0, job.trunk().usage().encodingBytes());
        }
    }

    @Test
    void anErrorOfTheVirtualMachineEndsTheRun() throws IOException {
        List<PairRow<Integer>> rows = List.of(PairRow.of(1, "x", "a star"), PairRow.of(2, "y", "a star"));
        InternalError broken = new InternalError("a fault occurred");
        ImageSource source = name -> {
            if (name.equals("y")) throw broken;
            return Demo.noise(name);
        };
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH))) {
            assertSame(broken, assertThrows(InternalError.class, () -> job.run(rows.iterator(), source, _ -> {})));
            assertEquals(0, job.trunk().usage().encodingBytes());
        }
    }

    /** An image that is larger than the heap, beside others that are not. */
    @Test
    void anImageThatDoesNotFitIntoTheHeapFailsAlone() throws IOException {
        assertEquals(
                "48 rows, failed: [17, 34]\n",
                new ForkedJvm(SmallHeap.class)
                        .option(
                                "-Xmx96m",
                                "-XX:+UseSerialGC",
                                "-Dbridgetower.root=" + System.getProperty("bridgetower.root"))
                        .run()
                        .replace("WARNING: Using incubator modules: jdk.incubator.vector\n", ""));
    }

    /** Rows of which every seventeenth takes more memory than there is. */
    static final class SmallHeap {
        public static void main(String[] args) throws IOException {
            List<PairRow<Integer>> rows = new ArrayList<>();
            for (int i = 0; i < 48; i++)
                rows.add(PairRow.of(i, i % 17 == 0 && i > 0 ? "large" + i : "x" + i, "a star"));
            List<Integer> failed = new ArrayList<>();
            try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH).withMaxBytes(16 << 20))) {
                JobSummary summary = job.run(rows.iterator(), SmallHeap::read, result -> {
                    if (result.outcome() instanceof Outcome.Failed) failed.add(result.id());
                });
                System.out.print(summary.rows() + " rows, failed: " + failed + "\n");
            }
        }

        private static RgbImage read(String name) throws IOException {
            if (!name.startsWith("large")) return Demo.noise(name);
            return RgbImage.of(20_000, 20_000, new byte[3 * 20_000 * 20_000]);
        }
    }

    @Test
    void aModelThatIsGivenGivesTheSameAndStaysOpen() throws IOException {
        List<PairRow<Integer>> rows = List.of(PairRow.of(1, "x", "a <mask>"), PairRow.of(2, "y", "two <mask>"));
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(Demo.MODEL);
        try (var matching = BridgeTowerForImageAndTextRetrieval.load(Demo.MODEL);
                var contrastive = BridgeTowerForContrastiveLearning.load(Demo.MODEL);
                var filling = BridgeTowerForMaskedLM.load(Demo.MODEL)) {
            for (Task task : Task.values()) {
                JobOptions options = JobOptions.of(task);
                try (ScoringJob owner = Demo.job(options);
                        ScoringJob guest = switch (task) {
                            case MATCH -> ScoringJob.of(matching, processor, options);
                            case CONTRASTIVE, EMBED_IMAGE, EMBED_TEXT, EMBED_PAIR ->
                                ScoringJob.of(contrastive, processor, options);
                            case FILL -> ScoringJob.of(filling, processor, options);
                        }) {
                    assertEquals(outcomes(owner, rows), outcomes(guest, rows));
                    assertEquals(owner.fingerprint(), guest.fingerprint());
                    guest.close();
                    assertEquals(2, outcomes(guest, rows).size());
                    owner.close();
                    assertThrows(IllegalStateException.class, () -> outcomes(owner, rows));
                }
            }
            assertThrows(
                    IllegalArgumentException.class, () -> ScoringJob.of(matching, processor, JobOptions.of(Task.FILL)));
        }
    }

    private static List<Outcome> outcomes(ScoringJob job, List<PairRow<Integer>> rows) {
        List<Outcome> outcomes = new ArrayList<>();
        job.run(rows.iterator(), Demo::noise, result -> outcomes.add(result.outcome()));
        return outcomes;
    }

    @Test
    void memoryIsBoundedHoweverManyImagesThereAre() throws IOException {
        int rows = 600;
        Set<String> decoding = ConcurrentHashMap.newKeySet();
        AtomicInteger done = new AtomicInteger();
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH).withMaxBytes(LITTLE))) {
            var input = IntStream.range(0, rows)
                    .mapToObj(i -> PairRow.of(i, "image " + i % 200, "star"))
                    .iterator();
            job.run(
                    input,
                    name -> {
                        decoding.add(name);
                        assertTrue(job.trunk().usage().encodingBytes() <= LITTLE);
                        return Demo.noise(name);
                    },
                    _ -> {
                        assertTrue(job.trunk().usage().encodingBytes() <= LITTLE);
                        done.incrementAndGet();
                    });
            assertTrue(job.trunk().usage().images() > 200, "not all fit, so that some are encoded again");
        }
        assertEquals(200, decoding.size());
        assertEquals(rows, done.get());
    }

    @Test
    void tooLittleMemoryIsRefused() {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> Demo.job(JobOptions.of(Task.MATCH).withMaxBytes(1 << 20)));
        assertEquals("memory of the job: expected at least 2m for this model, found 1m", refused.getMessage());
    }

    @Test
    void similaritiesAreThoseOfTheVectors() throws IOException {
        List<PairResult<Integer>> results = new ArrayList<>();
        List<PairRow<Integer>> rows = List.of(PairRow.of(1, "x", "a star"), PairRow.of(2, "y", "a star"));
        try (ScoringJob job = Demo.job(JobOptions.of(Task.CONTRASTIVE))) {
            job.run(rows.iterator(), Demo::noise, results::add);
            assertEquals(0, job.trunk().usage().pairs());
        }
        BridgeTowerProcessor processor = BridgeTowerProcessor.load(Demo.MODEL);
        try (var model = BridgeTowerForContrastiveLearning.load(Demo.MODEL)) {
            var inputs = processor.process(List.of(Demo.noise("x"), Demo.noise("y")), List.of("a star"));
            Tensor image = model.imageEmbeds(ImageInputs.of(inputs.images().pixelValues()));
            Tensor text = model.textEmbeds(TextInputs.of(inputs.texts().inputIds()));
            for (int i = 0; i < 2; i++) {
                double dot = 0;
                for (int j = 0; j < text.dim(1); j++) dot += (double) text.get(0, j) * image.get(i, j);
                assertEquals(new Outcome.Similarity(dot), results.get(i).outcome());
            }
        }
    }

    @Test
    void gapsAreFilled() throws IOException {
        List<PairResult<Integer>> results = new ArrayList<>();
        List<PairRow<Integer>> rows =
                List.of(PairRow.of(1, "03.png", "four <mask> stars"), PairRow.of(2, "03.png", "four stars"));
        try (ScoringJob job = Demo.job(JobOptions.of(Task.FILL))) {
            job.run(rows.iterator(), ImageSource.below(Demo.EXAMPLES), results::add);
        }
        Outcome.Completed filled = (Outcome.Completed) results.getFirst().outcome();
        assertTrue(filled.text().matches("four \\w+ stars"), filled.text());
        assertEquals(1, filled.masks().size());
        assertEquals(5, filled.masks().getFirst().words().size());
        assertEquals(
                new Outcome.Failed("the text has no masked token; <mask> stands for one"),
                results.getLast().outcome());
    }

    @Test
    void whatTheConsumerThrowsEndsTheRunAndNothingIsLeft() throws IOException {
        IllegalStateException full = new IllegalStateException("the disk is full");
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH))) {
            var rows = IntStream.range(0, 200)
                    .mapToObj(i -> PairRow.of(i, "image " + i, "star"))
                    .iterator();
            var thrown = assertThrows(
                    IllegalStateException.class,
                    () -> job.run(rows, Demo::noise, result -> {
                        if (result.id() == 70) throw full;
                    }));
            assertSame(full, thrown);
            assertEquals(0, job.trunk().usage().encodingBytes());
        }
    }
}
