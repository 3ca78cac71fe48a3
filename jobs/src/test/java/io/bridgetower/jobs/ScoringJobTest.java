package io.bridgetower.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.BridgeTowerForContrastiveLearning;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.ImageInputs;
import io.bridgetower.model.TextInputs;
import io.bridgetower.processor.BridgeTowerProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
            rows.add(PairRow.of(i, "picture " + random.nextInt(20), "text of " + random.nextInt(30) + " words"));
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
        assertTrue(reasons.getLast().startsWith("the text has "), reasons.getLast());
        assertEquals(
                List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"),
                results.stream().map(PairResult::id).toList());
    }

    @Test
    void memoryIsBoundedHoweverManyPicturesThereAre() throws IOException {
        int rows = 600;
        Set<String> decoding = ConcurrentHashMap.newKeySet();
        AtomicInteger done = new AtomicInteger();
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH).withMaxBytes(LITTLE))) {
            var input = IntStream.range(0, rows)
                    .mapToObj(i -> PairRow.of(i, "picture " + i % 200, "star"))
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
        Outcome.Filled filled = (Outcome.Filled) results.getFirst().outcome();
        assertTrue(filled.completed().matches("four \\w+ stars"), filled.completed());
        assertEquals(1, filled.gaps().size());
        assertEquals(5, filled.gaps().getFirst().words().size());
        assertEquals(
                new Outcome.Failed("the text has no gap; <mask> stands for one"),
                results.getLast().outcome());
    }

    @Test
    void whatTheConsumerThrowsEndsTheRunAndNothingIsLeft() throws IOException {
        IllegalStateException full = new IllegalStateException("the disk is full");
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH))) {
            var rows = IntStream.range(0, 200)
                    .mapToObj(i -> PairRow.of(i, "picture " + i, "star"))
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
