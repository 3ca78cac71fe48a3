package io.bridgetower.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.hub.FakeHub.Fault;
import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
    private static final String MODEL = FakeHub.MODEL;
    private static final String WEIGHTS = "model.safetensors";
    private static final String TOKEN = "hf_secret";

    /** Longer than anything on this machine takes but silence. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    @TempDir
    private Path cache;

    private FakeHub hub;

    @BeforeEach
    void model() throws IOException {
        hub = FakeHub.ofModel();
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void downloadsWhatAModelNeedsToWherePythonLooksForIt() throws IOException {
        Path snapshot = locate();
        Path model = cache.resolve("models--org--model");
        assertEquals(model.resolve("snapshots").resolve(FakeHub.COMMIT), snapshot);
        assertEquals(FakeHub.COMMIT, Files.readString(model.resolve("refs/main")));
        Set<String> names = Set.of("config.json", WEIGHTS, "tokenizer.json", "preprocessor_config.json");
        assertEquals(new TreeSet<>(names), names(snapshot));
        Set<String> etags = new TreeSet<>();
        for (String name : names) {
            assertArrayEquals(hub.files.get(name), Files.readAllBytes(snapshot.resolve(name)), name);
            assertEquals(
                    Path.of("../../blobs").resolve(hub.etag(name)), Files.readSymbolicLink(snapshot.resolve(name)));
            etags.add(hub.etag(name));
        }
        assertEquals(etags, names(model.resolve("blobs")), "nothing unfinished");
        assertTrue(Files.isRegularFile(
                model.resolve(".no_exist").resolve(FakeHub.COMMIT).resolve("added_tokens.json")));
        assertEquals(List.of(), waits);
    }

    /** Symbolic links need a right on Windows, which few users have. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCacheMayBeOnWindows(boolean links) throws IOException {
        Configuration.Builder windows = Configuration.windows().toBuilder();
        if (!links) windows.setSupportedFeatures(Feature.FILE_CHANNEL);
        try (FileSystem files = Jimfs.newFileSystem(windows.build())) {
            cache = files.getPath("C:\\Users\\me\\.cache\\huggingface\\hub");
            Path snapshot = locate();
            assertEquals(cache + "\\models--org--model\\snapshots\\" + FakeHub.COMMIT, snapshot.toString());
            assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(snapshot.resolve(WEIGHTS)));
            assertEquals(links, Files.isSymbolicLink(snapshot.resolve(WEIGHTS)));
            assertEquals(snapshot, hub(true).locate(MODEL, "main"));
            assertEquals(MODEL, Hub.nameOf(snapshot));
        }
    }

    @Test
    void whatIsThereIsUsedWithoutAskingAnybody() throws IOException {
        Path first = locate();
        hub.requests.clear();
        assertEquals(first, locate());
        assertEquals(first, hub(true).locate(MODEL, "main"));
        assertEquals(first, hub(true).locate(MODEL, FakeHub.COMMIT));
        assertEquals(List.of(), hub.requests);
    }

    @Test
    void aProcessorNeedsNoWeights() throws IOException {
        Path snapshot = hub(false).locateProcessor(MODEL, "main");
        assertFalse(Files.exists(snapshot.resolve(WEIGHTS)));
        assertTrue(Files.exists(snapshot.resolve("tokenizer.json")));
        assertTrue(Files.exists(locate().resolve(WEIGHTS)));
    }

    @Test
    void aBrokenDownloadGoesOnWhereItStopped() throws IOException {
        hub.gets.addAll(List.of(Fault.NONE, Fault.DROP, Fault.DROP));
        assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(locate().resolve(WEIGHTS)));
        List<String> gets =
                hub.requests.stream().filter(r -> r.startsWith("GET store")).toList();
        assertEquals(3, gets.size());
        assertTrue(gets.get(0).contains(WEIGHTS + " null"), gets.toString());
        assertTrue(gets.get(1).contains("bytes=1") && gets.get(2).contains("bytes=2"), gets.toString());
        assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)), waits);
    }

    @Test
    void anotherProcessGoesOnWhereOneDied() throws IOException {
        hub.gets.addAll(List.of(Fault.NONE, Fault.DROP, Fault.STATUS_401));
        assertThrows(HubException.class, this::locate);
        hub.requests.clear();
        assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(locate().resolve(WEIGHTS)));
        assertTrue(
                hub.requests.stream().anyMatch(r -> r.contains(WEIGHTS + " bytes=1500000-")), hub.requests.toString());
    }

    @ParameterizedTest
    @EnumSource(names = {"DROP", "SHORT", "LONG", "WRONG_BYTES", "STATUS_429", "STATUS_500", "STATUS_503"})
    void oneFaultIsMended(Fault fault) throws IOException {
        hub.gets.addAll(List.of(Fault.NONE, fault));
        assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(locate().resolve(WEIGHTS)));
        assertEquals(1, waits.size());
        assertEquals(fault == Fault.STATUS_429 ? 7 : 1, waits.getFirst().toSeconds());
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_RANGE", "WRONG_RANGE", "NOT_SATISFIABLE"})
    void aServerThatCannotGoOnStartsAgain(Fault fault) throws IOException {
        hub.gets.addAll(List.of(Fault.NONE, Fault.DROP, fault));
        assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(locate().resolve(WEIGHTS)));
    }

    @ParameterizedTest
    @CsvSource({
        "SHORT, stops after 2906250 of 3000000 bytes",
        "LONG, sends more than 3000000 bytes",
        "WRONG_BYTES, does not have the hash",
        "STATUS_500, the server answers 500"
    })
    void aFaultThatStaysEndsTheAttempts(Fault fault, String complaint) throws IOException {
        hub.gets.add(Fault.NONE);
        for (int i = 0; i < 100; i++) hub.gets.add(fault);
        HubException e = assertThrows(HubException.class, this::locate);
        assertEquals(HubException.Kind.FAILED, e.kind());
        assertTrue(e.getMessage().contains(complaint) && e.getMessage().endsWith("in 5 attempts"), e.getMessage());
        assertEquals(
                List.of(1L, 2L, 4L, 8L), waits.stream().map(Duration::toSeconds).toList());
        Path model = cache.resolve("models--org--model");
        assertFalse(
                Files.exists(model.resolve("snapshots").resolve(FakeHub.COMMIT).resolve(WEIGHTS)));
        assertFalse(Files.exists(model.resolve("blobs").resolve(hub.etag(WEIGHTS))));
    }

    @Test
    void questionsAreRepeatedAsDownloadsAre() throws IOException {
        hub.heads.addAll(List.of(Fault.STATUS_503, Fault.STATUS_429, Fault.STATUS_429_UNTIL_2015));
        locate();
        assertEquals(
                List.of(1L, 7L, 0L), waits.stream().map(Duration::toSeconds).toList());
    }

    @Test
    void aServerThatAsksForADayIsNotWaitedFor() {
        hub.heads.add(Fault.STATUS_429_FOR_LONG);
        assertComplaint("the server asks to come back in 86400 s", this::locate);
        assertEquals(List.of(), waits);
    }

    @Test
    void silenceEnds() throws IOException {
        hub.gets.addAll(List.of(Fault.NONE, Fault.SILENT));
        HubSettings settings = new HubSettings(
                hub.endpoint(), cache, TOKEN, false, PATIENCE, Duration.ofSeconds(2), ProxySettings.NONE);
        Path snapshot = new Hub(settings, Progress.NONE, new Pace(waits::add, PATIENCE)).locate(MODEL, "main");
        assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(snapshot.resolve(WEIGHTS)));
        assertEquals(1, waits.size());
    }

    @Test
    void theTokenGoesToTheHubAlone() throws IOException {
        locate();
        List<String> ofHub = hub.requests.stream()
                .filter(request -> request.contains(" hub "))
                .toList();
        assertTrue(ofHub.size() > 5, hub.requests.toString());
        for (String request : ofHub) assertTrue(request.endsWith("Bearer " + TOKEN), request);
        List<String> ofStore = hub.requests.stream()
                .filter(request -> request.contains(" store "))
                .toList();
        assertEquals(List.of("GET store " + WEIGHTS + " null null"), ofStore);
    }

    @Test
    void aModelThatWasRenamedIsFound() throws IOException {
        Path snapshot = hub(false).locate(FakeHub.OLD_NAME, "main");
        assertTrue(snapshot.startsWith(cache.resolve("models--org--old")), snapshot.toString());
        assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(snapshot.resolve(WEIGHTS)));
    }

    @Test
    void whatThereIsNotIsNamed() {
        assertComplaint(
                "other/model: there is no such model on " + hub.endpoint(),
                () -> hub(false).locate("other/model", "main"));
        hub.files.remove("config.json");
        assertComplaint("org/model: there is no config.json", this::locate);
        hub.file("config.json", "{}").files.keySet().removeIf(name -> name.endsWith("s") || name.endsWith(".bin"));
        assertComplaint("org/model: has no weights", this::locate);
        assertComplaint("org/model: there is no such directory here", this::locate);
    }

    @Test
    void aModelForTheFewSaysHowToBeOneOfThem() {
        hub.heads.add(Fault.STATUS_403);
        assertComplaint("granted access on " + hub.endpoint() + "/org/model", this::locate);
        hub.heads.add(Fault.STATUS_401);
        HubException e = assertThrows(
                HubException.class,
                () -> new Hub(new HubSettings(hub.endpoint(), cache, null, false), Progress.NONE)
                        .locate(MODEL, "main"));
        assertEquals(HubException.Kind.REFUSED, e.kind());
        assertTrue(e.getMessage().contains("set HF_TOKEN to a token that may read it"), e.getMessage());
    }

    @Test
    void offlineSaysWhatToDo() {
        for (String revision : new String[] {"main", "v2"}) {
            String complaint = assertThrows(HubException.class, () -> hub(true).locate(MODEL, revision))
                    .getMessage();
            assertTrue(complaint.contains("there is no such directory here"), complaint);
            assertTrue(complaint.contains("HF_HUB_OFFLINE forbids"), complaint);
            String command = "bridgetower pull org/model" + (revision.equals("main") ? ", " : " --revision v2, ");
            assertTrue(
                    complaint.contains(command + "and copy its directory models--org--model to " + cache), complaint);
        }
        assertEquals(List.of(), hub.requests);
    }

    @Test
    void aRefThatIsNoneIsAskedForAgain() throws IOException {
        Path snapshot = locate();
        Path ref = cache.resolve("models--org--model/refs/main");
        for (byte[] junk : new byte[][] {{}, {(byte) 0xFF, (byte) 0xC0}, "../../..".getBytes(), new byte[1000]}) {
            Files.write(ref, junk);
            assertThrows(HubException.class, () -> hub(true).locate(MODEL, "main"));
            assertEquals(snapshot, locate());
            assertEquals(FakeHub.COMMIT, Files.readString(ref));
        }
    }

    @Test
    void aCacheThatPythonFilledIsFound() throws IOException {
        Path model = cache.resolve("models--org--model");
        Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(FakeHub.COMMIT));
        Files.createDirectories(model.resolve("refs"));
        Files.createDirectories(model.resolve("blobs"));
        Files.writeString(model.resolve("refs/main"), FakeHub.COMMIT);
        for (String name : List.of("config.json", "pytorch_model.bin")) {
            Files.write(model.resolve("blobs").resolve(hub.etag(name)), hub.files.get(name));
            Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", hub.etag(name)));
        }
        assertEquals(snapshot, hub(true).locate(MODEL, "main"));
        assertEquals(snapshot, locate());
        assertFalse(Files.exists(snapshot.resolve(WEIGHTS)), "one form of the weights is enough");
        assertTrue(Files.exists(snapshot.resolve("tokenizer.json")));
    }

    @Test
    void shardsAreDownloadedWithTheirIndex() throws IOException {
        hub.files.remove(WEIGHTS);
        hub.file(
                        "model.safetensors.index.json",
                        "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}")
                .file("1.safetensors", new byte[100])
                .file("2.safetensors", new byte[200]);
        hub.gets.addAll(List.of(Fault.NONE, Fault.NONE, Fault.NONE, Fault.STATUS_401));
        assertThrows(HubException.class, this::locate);
        assertThrows(HubException.class, () -> hub(true).locate(MODEL, "main"), "one shard is not the model");
        Path snapshot = locate();
        assertEquals(200, Files.size(snapshot.resolve("2.safetensors")));
        assertFalse(Files.exists(snapshot.resolve("pytorch_model.bin")));
        assertEquals(1, hub.count("GET store 1.safetensors"));
    }

    @Test
    void aVariantIsDownloadedInPlaceOfTheOtherWeights() throws IOException {
        hub.file("model.safetensors.index.fp16.json", "{\"weight_map\": {\"a\": \"model-1.fp16.safetensors\"}}")
                .file("model-1.fp16.safetensors", new byte[100]);
        Path snapshot = hub(false).locate(MODEL, "main", "fp16");
        assertEquals(100, Files.size(snapshot.resolve("model-1.fp16.safetensors")));
        assertFalse(Files.exists(snapshot.resolve(WEIGHTS)));
        assertEquals(snapshot, hub(true).locate(MODEL, "main", "fp16"));
        assertThrows(HubException.class, () -> hub(true).locate(MODEL, "main"), "a variant is not the weights");
        assertComplaint("has no weights of the variant bf16", () -> hub(false).pull(MODEL, "main", "bf16"));
        assertTrue(Files.exists(hub(false).pull(MODEL, "main", "fp16").resolve("model-1.fp16.safetensors")));
        assertTrue(Files.exists(locate().resolve(WEIGHTS)));
    }

    /** Where Transformers 5 keeps the image processor's configuration. */
    @Test
    void theProcessorConfigComesAlong() throws IOException {
        hub.file("processor_config.json", "{}");
        hub.files.remove("preprocessor_config.json");
        assertTrue(Files.exists(locate().resolve("processor_config.json")));
        assertTrue(Files.exists(hub(false).locateProcessor(MODEL, "refs/pr/1").resolve("processor_config.json")));
    }

    @Test
    void pullFollowsARevisionAndKeepsWhatStayedTheSame() throws IOException {
        Path first = locate();
        hub.commit = "f".repeat(40);
        hub.file("config.json", "{\"new\": true}");
        assertEquals(first, locate());
        hub.requests.clear();
        Path second = hub(false).pull(MODEL, "main");
        assertEquals(hub.commit, second.getFileName().toString());
        assertEquals("{\"new\": true}", Files.readString(second.resolve("config.json")));
        assertEquals("{}", Files.readString(first.resolve("config.json")));
        assertEquals(1, hub.count("GET "), hub.requests.toString());
        assertEquals(second, hub(true).locate(MODEL, "main"));
    }

    @Test
    void aRevisionMayHaveSeveralParts() throws IOException {
        hub(false).locate(MODEL, "refs/pr/7");
        assertTrue(Files.isRegularFile(cache.resolve("models--org--model/refs/refs/pr/7")));
        for (String bad : new String[] {"../x", "a//b", "", "/etc", "a/../../b", "a/"}) {
            assertThrows(HubException.class, () -> hub(false).locate(MODEL, bad), bad);
        }
    }

    @Test
    void aDirectoryGoesBeforeAName() throws IOException {
        Path here = Path.of("target");
        assertTrue(Files.isDirectory(here.resolve("classes")), "run in the module's directory");
        assertEquals(here.resolve("classes"), hub(false).locate("target/classes", "main"));
        for (String path : new String[] {"/a/b", "./a", "a", "a/b/c", "../a", "a--b/c"}) {
            assertFalse(Hub.isName(path), path);
            assertEquals(Path.of(path), hub(false).locate(path, "main"));
        }
        assertEquals(List.of(), hub.requests);
    }

    @Test
    void threadsAndProcessesDownloadEachFileOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(6)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) all.add(threads.submit(this::locate));
            for (int i = 0; i < 2; i++) {
                all.add(threads.submit(() -> {
                    new ForkedJvm(HubRun.class).megabytes(64).run(hub.endpoint(), cache);
                    return null;
                }));
            }
            for (Future<?> each : all) each.get();
        }
        assertEquals(1, hub.count("GET store " + WEIGHTS), hub.requests.toString());
        assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(locate().resolve(WEIGHTS)));
    }

    @Test
    void progressReachesTheEnd() throws IOException {
        List<Long> received = new ArrayList<>();
        Progress progress = (file, bytes, total) -> {
            if (!file.equals(WEIGHTS)) return;
            assertEquals(3_000_000, total);
            received.add(bytes);
        };
        new Hub(settings(false), progress, new Pace(waits::add, PATIENCE)).locate(MODEL, "main");
        assertEquals(0, received.getFirst());
        assertEquals(3_000_000, received.getLast());
        assertEquals(received.stream().sorted().toList(), received);
    }

    @ParameterizedTest
    @CsvSource({
        "ETag, ../../../../escape",
        "ETag, ''",
        "X-Repo-Commit, ../../escape",
        "X-Repo-Commit, main",
    })
    void headersDoNotLeadOutOfTheCache(String header, String value) throws IOException {
        hub.headers.put(header, value);
        assertComplaint("is it the Hub?", this::locate);
        assertEquals(Set.of(), names(cache));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "::", "config.json"})
    void redirectsLeadToWebServersAndEnd(String target) {
        hub.redirect = target;
        assertComplaint("redirects", this::locate);
    }

    @Test
    void anIndexDoesNotLeadOutOfTheModel() {
        hub.files.remove(WEIGHTS);
        hub.file("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"../../../x.safetensors\"}}");
        assertThrows(MalformedFileException.class, this::locate);
    }

    @Test
    void modelsOfTheHubHaveTheirName() {
        Path cached = Path.of("/cache/hub/models--BridgeTower--bridgetower-base/snapshots/0123abcd");
        assertEquals("BridgeTower/bridgetower-base", Hub.nameOf(cached));
        assertEquals("demo", Hub.nameOf(Path.of("models/demo")));
        assertEquals("main", Hub.nameOf(Path.of("/snapshots/main")));
    }

    @Test
    void aDamagedBlobIsReplaced() throws IOException {
        Path snapshot = locate();
        Path blob = cache.resolve("models--org--model/blobs").resolve(hub.etag(WEIGHTS));
        Files.delete(blob);
        assertThrows(HubException.class, () -> hub(true).locate(MODEL, "main"));
        assertEquals(3_000_000, Files.size(locate().resolve(WEIGHTS)));
        assertTrue(Files.exists(snapshot));
    }

    private Path locate() throws IOException {
        return hub(false).locate(MODEL, "main");
    }

    private Hub hub(boolean offline) {
        return new Hub(settings(offline), Progress.NONE, new Pace(waits::add, PATIENCE));
    }

    private HubSettings settings(boolean offline) {
        return new HubSettings(hub.endpoint(), cache, TOKEN, offline, PATIENCE, PATIENCE, ProxySettings.NONE);
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
        }
    }

    private static void assertComplaint(String complaint, org.junit.jupiter.api.function.Executable attempt) {
        String found = assertThrows(HubException.class, attempt).getMessage();
        assertTrue(found.contains(complaint), found);
        assertFalse(found.contains(TOKEN), found);
    }
}
