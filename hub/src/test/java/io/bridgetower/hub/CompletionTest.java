package io.bridgetower.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.hub.FakeHub.Fault;
import io.bridgetower.hub.HubException.Kind;
import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked and how often where the cache holds a model, but not everything is known about optional files. */
class CompletionTest {
    private static final String MODEL = FakeHub.MODEL;

    /** Longer than any answer takes. */
    private static final Duration LONG = Duration.ofSeconds(20);

    /** So short that silence costs a test nothing. */
    private static final Duration SHORT = Duration.ofMillis(50);

    private final List<Duration> waits = new ArrayList<>();

    @TempDir
    private Path cache;

    private FakeHub hub;

    /** Of the model that every test finds in the cache. */
    private Path snapshot;

    @BeforeEach
    void fill() throws IOException {
        hub = FakeHub.ofModel();
        snapshot = patient().locate(MODEL, "main");
        hub.requests.clear();
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void absentFilesAreAskedForOnce() throws IOException {
        forgetAbsentFiles();
        assertEquals(snapshot, patient().locate(MODEL, "main"));
        List<String> asked = List.of(
                "processor_config.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json");
        assertEquals(asked, names(hub.requests));
        assertEquals(snapshot, patient().locate(MODEL, "main"));
        assertEquals(asked, names(hub.requests));
    }

    @Test
    void filesThatHaveAppearedAreDownloaded() throws IOException {
        forgetAbsentFiles();
        hub.file("added_tokens.json", "{\"<new>\": 7}");
        patient().locate(MODEL, "main");
        assertEquals("{\"<new>\": 7}", Files.readString(snapshot.resolve("added_tokens.json")));
    }

    @Test
    void aServerThatNeverAnswersIsAskedOnceByAProcess() throws IOException {
        forgetAbsentFiles();
        hub.silent = true;
        Pace pace = new Pace(waits::add, SHORT);
        for (int i = 0; i < 3; i++) {
            assertEquals(snapshot, hub(LONG, pace).locate(MODEL, "main"));
            assertEquals(snapshot, hub(LONG, pace).locateProcessor(MODEL, "main"));
        }
        // None where the connection itself takes longer than the patience lasts.
        assertTrue(hub.requests.size() <= 1, hub.requests.toString());
        assertEquals(List.of(), waits);
    }

    @Test
    void aNameThatCannotBeLookedUpDoesNotKeepTheCacheFromUse() throws IOException {
        forgetAbsentFiles();
        String found = new ForkedJvm(ForkedLocate.class).megabytes(64).run("http://" + SlowNames.NAME, cache, 1);
        assertTrue(found.contains(snapshot.toString()), found);
        assertFalse(found.contains(SlowNames.FOUND), found);
    }

    @Test
    void allAnswersShareOneShortPatience() throws HubException {
        Patience patience = Patience.shared(Duration.ofSeconds(2));
        patience.waited(Duration.ofMillis(1500));
        assertEquals(Duration.ofMillis(500), patience.forAnswer());
        assertEquals(Duration.ofSeconds(2), patience.forBytes());
        patience.waited(Duration.ofMillis(600));
        assertEquals(
                Kind.FAILED,
                assertThrows(HubException.class, patience::forAnswer).kind());
    }

    @Test
    void theAnswerOfASilentServerIsNotTakenForAbsence() throws IOException {
        forgetAbsentFiles();
        hub.file("added_tokens.json", "{}").silent = true;
        hub(LONG, new Pace(waits::add, SHORT)).locate(MODEL, "main");
        hub.silent = false;
        patient().locate(MODEL, "main");
        assertTrue(Files.exists(snapshot.resolve("added_tokens.json")));
    }

    /** An optional file that exists but does not come is no reason to wait either. */
    @Test
    void anOptionalFileThatDoesNotComeIsTriedOnce() throws IOException {
        forgetAbsentFiles();
        hub.file("processor_config.json", "{\"unseen\": 1}").gets.add(Fault.NO_ANSWER);
        assertEquals(
                snapshot, hub(LONG, new Pace(waits::add, Duration.ofSeconds(1))).locate(MODEL, "main"));
        assertTrue(hub.count("GET ") <= 1, hub.requests.toString());
        assertEquals(List.of(), waits);
    }

    /** Without a tokenizer or the image processor's sizes, a model computes nothing or something else. */
    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.json", "preprocessor_config.json"})
    void whatAModelCannotDoWithoutIsAskedForPatiently(String file) throws IOException {
        forgetAbsentFiles();
        Files.delete(snapshot.resolve(file));
        for (int i = 0; i < 4; i++) hub.heads.add(Fault.STATUS_503);
        hub(LONG, new Pace(waits::add, SHORT)).locate(MODEL, "main");
        assertTrue(Files.exists(snapshot.resolve(file)));
        assertEquals(4, waits.size());
    }

    @Test
    void requiredFilesAreAskedForAgainEvenIfTheServerWasSilentBefore() throws IOException {
        forgetAbsentFiles();
        hub.silent = true;
        Pace pace = new Pace(waits::add, SHORT);
        hub(LONG, pace).locate(MODEL, "main");
        hub.silent = false;
        Files.delete(snapshot.resolve("model.safetensors"));
        assertEquals(snapshot, hub(LONG, pace).locate(MODEL, "main"));
        assertTrue(Files.exists(snapshot.resolve("model.safetensors")));
    }

    /** Without it nothing can be computed, though there are a configuration and weights. */
    @Test
    void aMissingTokenizerIsAskedForAgainEvenIfTheServerWasSilentBefore() throws IOException {
        forgetAbsentFiles();
        hub.silent = true;
        Pace pace = new Pace(waits::add, SHORT);
        hub(LONG, pace).locate(MODEL, "main");
        hub.silent = false;
        Files.delete(snapshot.resolve("tokenizer.json"));
        assertEquals(snapshot, hub(LONG, pace).locate(MODEL, "main"));
        assertTrue(Files.exists(snapshot.resolve("tokenizer.json")));
    }

    @Test
    void pullKeepsTrying() {
        for (int i = 0; i < 5; i++) hub.heads.add(Fault.STATUS_503);
        HubException e = assertThrows(
                HubException.class, () -> hub(LONG, new Pace(waits::add, SHORT)).pull(MODEL, "main"));
        assertEquals(Kind.FAILED, e.kind());
        assertTrue(e.getMessage().endsWith("in 5 attempts"), e.getMessage());
        assertEquals(5, hub.count("HEAD hub config.json"));
        assertEquals(4, waits.size());
    }

    @Test
    void withoutANetworkTheCacheDoesIfItCan() throws IOException {
        forgetAbsentFiles();
        hub.close();
        assertEquals(snapshot, patient().locate(MODEL, "main"));
        assertComplaint("cannot reach 127.0.0.1", () -> patient().pull(MODEL, "main"));
        assertComplaint("bridgetower pull org/other", () -> patient().locate("org/other", "main"));
        assertEquals(List.of(), waits);
    }

    /** A server that answers with errors is no reason to refuse what the cache holds. */
    @ParameterizedTest
    @EnumSource(names = {"STATUS_401", "STATUS_403", "STATUS_429_FOR_LONG", "STATUS_500"})
    void aServerThatRefusesToCompleteTheCacheDoesNoHarm(Fault fault) throws IOException {
        forgetAbsentFiles();
        hub.file("processor_config.json", "").heads.add(fault);
        assertEquals(snapshot, patient().locate(MODEL, "main"));
        assertEquals(List.of("processor_config.json"), names(hub.requests));
        assertFalse(Files.exists(snapshot.resolve("processor_config.json")));
        assertEquals(List.of(), waits);
    }

    @Test
    void aCacheThatCannotBeWrittenIsRead() throws IOException {
        forgetAbsentFiles();
        Files.createFile(cache.resolve("models--org--model/.no_exist/" + FakeHub.COMMIT));
        assertEquals(snapshot, patient().locate(MODEL, "main"));
    }

    private Hub patient() {
        return hub(LONG, new Pace(waits::add, LONG));
    }

    private Hub hub(Duration timeout, Pace pace) {
        HubSettings settings =
                new HubSettings(hub.endpoint(), cache, null, false, timeout, timeout, ProxySettings.NONE);
        return new Hub(settings, Progress.NONE, pace);
    }

    /** As in a cache that was copied, or filled by a download of the whole repository. */
    private void forgetAbsentFiles() throws IOException {
        Path absent = cache.resolve("models--org--model/.no_exist/" + FakeHub.COMMIT);
        try (Stream<Path> files = Files.list(absent)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(absent);
    }

    private static List<String> names(List<String> requests) {
        return requests.stream().map(request -> request.split(" ")[2]).toList();
    }

    private static void assertComplaint(String complaint, org.junit.jupiter.api.function.Executable attempt) {
        String found = assertThrows(HubException.class, attempt).getMessage();
        assertTrue(found.contains(complaint), found);
    }
}
