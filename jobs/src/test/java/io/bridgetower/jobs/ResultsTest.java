package io.bridgetower.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.BridgeTower;
import io.bridgetower.Image;
import io.bridgetower.jobs.rows.Outcome;
import io.bridgetower.jobs.rows.PairResult;
import io.bridgetower.jobs.rows.PairResults;
import io.bridgetower.jobs.rows.PairRow;
import io.bridgetower.jobs.rows.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The results of a job as an iterator, and the tasks that give vectors. */
class ResultsTest {
    @Test
    void theIteratorGivesWhatTheConsumerGets() throws IOException {
        List<PairRow<Integer>> rows = IntStream.range(0, 200)
                .mapToObj(i -> PairRow.of(i, (i % 50 == 9 ? "no " : "image ") + i / 10, "text " + i % 7))
                .toList();
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH))) {
            List<PairResult<Integer>> pushed = new ArrayList<>(), pulled = new ArrayList<>();
            job.run(rows.iterator(), Demo::noise, pushed::add);
            try (PairResults<Integer> results = job.results(rows.iterator(), Demo::noise)) {
                results.forEachRemaining(pulled::add);
                assertThrows(NoSuchElementException.class, results::next);
                assertEquals(20, results.encodedImages());
            }
            assertEquals(pushed, pulled);
        }
    }

    @Test
    void rowsAreReadAsResultsAreTakenAndNoMoreAfterClose() throws IOException {
        AtomicInteger read = new AtomicInteger();
        Iterator<PairRow<Integer>> endless = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> {
                    read.incrementAndGet();
                    return PairRow.of(i, "image " + i / 100, "text");
                })
                .iterator();
        try (ScoringJob job = Demo.job(JobOptions.of(Task.MATCH))) {
            PairResults<Integer> results = job.results(endless, Demo::noise);
            assertEquals(0, read.get());
            for (int i = 0; i < 5; i++) assertEquals(i, results.next().id());
            assertTrue(read.get() < 1000, "rows read ahead: " + read);
            results.close();
            results.close();
            int before = read.get();
            assertFalse(results.hasNext());
            assertEquals(before, read.get());
            assertEquals(0, job.trunk().usage().encodingBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EMBED_IMAGE", "EMBED_TEXT", "EMBED_PAIR"})
    void vectorsHaveTheBitsOfBridgeTower(Task task) throws IOException {
        List<PairRow<Integer>> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean ofImage = task == Task.EMBED_IMAGE, ofText = task == Task.EMBED_TEXT;
            rows.add(PairRow.of(i, ofText ? null : "image " + i % 7, ofImage ? null : "a text of " + i % 5));
        }
        rows.add(PairRow.of(40, null, null));
        List<Outcome> outcomes = new ArrayList<>();
        try (ScoringJob job = Demo.job(JobOptions.of(task));
                BridgeTower bridgeTower = BridgeTower.load(Demo.MODEL)) {
            job.run(rows.iterator(), Demo::noise, result -> outcomes.add(result.outcome()));
            assertEquals(task == Task.EMBED_TEXT ? 0 : 7, job.trunk().usage().images());
            for (int i = 0; i < 40; i++) {
                PairRow<Integer> row = rows.get(i);
                Image image = row.image() == null ? null : Image.of(Demo.noise(row.image()));
                float[] expected = image == null
                        ? bridgeTower.embed(row.text())
                        : row.text() == null ? bridgeTower.embed(image) : bridgeTower.embed(image, row.text());
                assertArrayEquals(expected, ((Outcome.Embedding) outcomes.get(i)).vector(), task + " of row " + i);
            }
        }
        String reason = assertInstanceOf(Outcome.Failed.class, outcomes.get(40)).reason();
        assertEquals(task == Task.EMBED_TEXT ? "no text" : "no image", reason);
    }
}
