package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower index} and {@code bridgetower search} on the demo model. */
class SearchTest {
    /** Of the cosines, which have been recorded with six decimals from weights and sums of other precision. */
    private static final double TOLERANCE = 1e-4;

    private static final Path EXAMPLES = Run.ROOT.resolve("examples");

    @TempDir
    private static Path shared;

    /** Of the twelve images and their captions. */
    private static Path index;

    private static List<Map<String, Object>> cases;

    @TempDir
    private Path directory;

    @BeforeAll
    static void index() throws IOException {
        cases = DemoCases.of("search");
        index = shared.resolve("index");
        StringBuilder captions = new StringBuilder("\n");
        for (Map<String, Object> search : cases)
            captions.append(search.get("text")).append("\r\n\n");
        Path file = Files.writeString(shared.resolve("captions.txt"), captions);
        Run run = Run.of("index", "--image", EXAMPLES, "--input", file, "--output", index);
        assertEquals("", run.succeeds());
        assertTrue(run.err().contains(index + ": 12 images added, 0 there before, 0 skipped\n"), run.err());
        assertTrue(run.err().contains(index + ": 12 captions added, 0 there before, 0 skipped\n"), run.err());
        assertTrue(run.err().contains("demo model"), run.err());
    }

    @Test
    @Tag("parity")
    void theNearestImageIsTheReferencesAndRerankedTheRightOneIsFirst() throws IOException {
        for (Map<String, Object> search : cases) {
            Object text = search.get("text");
            Map<String, Object> nearest = search("--text", text, "--top", 1).getFirst();
            String best = DemoCases.image(Map.of("image", search.get("best_by_embedding")))
                    .toString();
            assertEquals(best, nearest.get("image"));
            assertFalse(nearest.containsKey("probability"));
            List<Map<String, Object>> ranked = search("--text", text, "--rerank", 50);
            assertEquals(10, ranked.size());
            assertEquals(DemoCases.image(search).toString(), ranked.getFirst().get("image"), text.toString());
            assertEquals(
                    (double) search.get("cosine"), (double) ranked.getFirst().get("similarity"), TOLERANCE);
        }
    }

    @Test
    void probabilitiesAreThoseOfTheScoreCommand() throws IOException {
        List<Map<String, Object>> ranked = search("--text", "a blue square", "--rerank", 5, "--exact");
        assertEquals(5, ranked.size());
        for (Map<String, Object> one : ranked) {
            Map<String, Object> score = Json.objects(
                            Run.of("score", "--json", "--image", one.get("image"), "--text", "a blue square")
                                    .succeeds())
                    .getFirst();
            assertEquals(score.get("probability"), one.get("probability"));
        }
    }

    @Test
    void captionsAreFoundByAPicture() throws IOException {
        for (Map<String, Object> search : cases) {
            Path image = DemoCases.image(search);
            List<Map<String, Object>> found = search("--image", image, "--top", 12);
            assertEquals(12, found.size());
            Map<String, Object> own = found.stream()
                    .filter(one -> one.get("text").equals(search.get("text")))
                    .findFirst()
                    .orElseThrow();
            assertEquals((double) search.get("cosine"), (double) own.get("similarity"), TOLERANCE);
            assertEquals(
                    search.get("text"),
                    search("--image", image, "--rerank", 12).getFirst().get("text"));
        }
    }

    @Test
    void peopleGetATable() {
        String table = Run.of("search", "--index", index, "--text", "a large blue square", "--rerank", 2)
                .succeeds();
        assertTrue(table.startsWith("probability  similarity  image\n0.9979       0.8528      "), table);
        assertEquals(3, table.lines().count(), table);
        String captions = Run.of("search", "--index", index, "--image", Run.example(2), "--top", 1)
                .succeeds();
        assertEquals("similarity  caption\n0.8528      a large blue square\n", captions);
    }

    @Test
    void whatCannotBeReadIsSkippedAndSaid() throws IOException {
        Path images = Files.createDirectories(directory.resolve("images/deep")), own = directory.resolve("own");
        Files.copy(Run.example(1), images.resolve("good.png"));
        Path broken = Files.writeString(images.resolve("broken.jpg"), "no image");
        Path half = Files.write(images.resolve("half.png"), ModelCopy.half(Files.readAllBytes(Run.example(3))));
        Files.writeString(images.resolve("notes.txt"), "no image, and not named like one");
        Path captions = Files.writeString(directory.resolve("captions.txt"), "short\n" + "long ".repeat(500));
        for (int i = 0; i < 2; i++) {
            Run run = Run.of("index", "--image", directory.resolve("images"), "--input", captions, "--output", own);
            assertEquals(3, run.code(), run.err());
            assertEquals("", run.out());
            assertTrue(run.err().contains("bridgetower: " + broken + ": not an image"), run.err());
            assertTrue(run.err().contains("bridgetower: " + half + ": "), run.err());
            assertTrue(run.err().contains("has 2002 tokens, the model reads 64 at most"), run.err());
            assertFalse(run.err().contains("notes.txt"), run.err());
            String counts = i == 0 ? "1 images added, 0 there before" : "0 images added, 1 there before";
            assertTrue(run.err().contains(counts + ", 2 skipped\n"), run.err());
        }
        Files.delete(images.resolve("good.png"));
        Run gone = Run.of("search", "--index", own, "--text", "a star", "--rerank", 5, "--json");
        assertEquals(3, gone.code(), gone.err());
        assertEquals("[]\n", gone.out());
        assertTrue(gone.err().contains("good.png: no such file\n"), gone.err());
        assertEquals(0, Run.of("search", "--index", own, "--text", "a star").code());
    }

    @Test
    void whatIsGoneLeavesTheIndexIfAsked() throws IOException {
        Path images = Files.createDirectory(directory.resolve("images")), own = directory.resolve("own");
        for (int i = 1; i <= 3; i++) Files.copy(Run.example(i), images.resolve(i + ".png"));
        Run.of("index", "--image", images, "--output", own).succeeds();
        Files.delete(images.resolve("2.png"));
        Run.of("index", "--image", images, "--output", own).succeeds();
        assertTrue(Files.readString(own.resolve("manifest.json")).contains("\"images\" : 3"));
        Run run = Run.of("index", "--remove-missing", "--output", own);
        run.succeeds();
        assertTrue(run.err().contains(own + ": 1 images removed\n"), run.err());
        assertTrue(Files.readString(own.resolve("manifest.json")).contains("\"images\" : 2"));
    }

    @Test
    void imagesAreNamedByPatternsAndLists() throws IOException {
        Path images = Files.createDirectory(directory.resolve("images")), own = directory.resolve("own");
        for (int i = 1; i <= 4; i++) Files.copy(Run.example(i), images.resolve(i + ".png"));
        Run pattern = Run.of("index", "--image", images + "/[12].png", "--output", own);
        pattern.succeeds();
        assertTrue(pattern.err().contains("2 images added"), pattern.err());
        Path list = Files.writeString(directory.resolve("list.txt"), images.resolve("3.png") + "\n");
        Run listed = Run.of("index", "--image", "@" + list, "--output", own);
        listed.succeeds();
        assertTrue(listed.err().contains("1 images added"), listed.err());
        Run.of("index", "--image", "https://images.example.org/a.png", "--output", own)
                .fails("https://images.example.org/a.png: expected a file or a directory, found an address");
    }

    @Test
    void anEmptyDirectoryMakesAnEmptyIndex() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty")), own = directory.resolve("own");
        Run run = Run.of("index", "--image", empty, "--output", own);
        run.succeeds();
        assertTrue(run.err().contains("0 images added"), run.err());
        Run search = Run.of("search", "--index", own, "--text", "a star", "--rerank", 3, "--json");
        assertEquals("[]\n", search.succeeds());
        assertTrue(search.err().contains(own + ": found no image\n"), search.err());
    }

    @Test
    void anotherModelIsRefused() throws IOException {
        // The same trunk, with heads that have changed places.
        Path other = ModelCopy.in(directory)
                .replacingInHeader("itc_text_head", "itc_none_head")
                .replacingInHeader("itc_image_head", "itc_text_head")
                .replacingInHeader("itc_none_head", "itc_image_head")
                .directory();
        String[] parts = {
            index + "/manifest.json: fingerprint: the index holds vectors of another model: expected " + Run.DEMO,
            ", found " + other
        };
        Run.of("search", "--index", index, "--text", "a", "--model", other).fails((Object[]) parts);
        Run.of("index", "--image", EXAMPLES, "--output", index, "--model", other)
                .fails((Object[]) parts);
        Path processed = ModelCopy.in(directory)
                .replacing("preprocessor_config.json", "\"resample\": 3", "\"resample\": 2")
                .directory();
        Run.of("search", "--index", index, "--text", "a", "--model", processed)
                .fails(
                        "manifest.json: image_processor: ",
                        "processed otherwise",
                        "image-processor-1 size=96",
                        "resample=2");
    }

    @Test
    void theModelIsFoundWhereItWasAndMayHaveMoved() throws IOException {
        ModelCopy copy = ModelCopy.in(directory);
        Path own = directory.resolve("own"), moved = directory.resolve("moved");
        Run.of("index", "--image", Run.example(1), "--output", own, "--model", copy.directory())
                .succeeds();
        Run.of("search", "--index", own, "--text", "a star").succeeds();
        Files.move(copy.directory(), moved);
        Run.of("search", "--index", own, "--text", "a star")
                .fails(copy.directory() + ": there is no such directory", "--model");
        Run.of("search", "--index", own, "--text", "a star", "--model", moved).succeeds();
    }

    @Test
    void anotherPrecisionIsRefused() {
        Run.of("search", "--index", index, "--text", "a", "--weights", "bf16")
                .fails("vectors of another model", "1-f32-", "1-bf16-");
    }

    @Test
    void imagesThatMovedTogetherAreFound() throws IOException {
        Path photos = Files.createDirectory(directory.resolve("photos")).toRealPath(), own = directory.resolve("own");
        Files.createDirectory(photos.resolve("sub"));
        for (int i = 1; i <= 3; i++) Files.copy(Run.example(i), photos.resolve(i == 3 ? "sub/3.png" : i + ".png"));
        Run.of("index", "--image", photos, "--output", own).succeeds();
        Object[] search = {"search", "--index", own, "--text", "a large blue square", "--rerank", 3, "--json"};
        List<Map<String, Object>> before = Json.objects(Run.of(search).succeeds());
        Path moved = Files.move(photos, directory.toRealPath().resolve("moved"));

        Run gone = Run.of(search);
        assertEquals(3, gone.code(), gone.err());
        assertTrue(gone.err().contains(photos.resolve("2.png") + ": no such file\n"), gone.err());
        assertTrue(gone.err().contains("--image-root"), gone.err());

        Object[] elsewhere = Arrays.copyOf(search, search.length + 2);
        elsewhere[search.length] = "--image-root";
        elsewhere[search.length + 1] = moved;
        List<Map<String, Object>> found = Json.objects(Run.of(elsewhere).succeeds());
        for (Map<String, Object> one : before) {
            one.put("image", one.get("image").toString().replace(photos.toString(), moved.toString()));
        }
        assertEquals(before, found);

        Run again = Run.of("index", "--image", moved, "--image-root", moved, "--output", own);
        again.succeeds();
        assertTrue(again.err().contains("0 images added, 3 there before, 0 skipped\n"), again.err());
        assertTrue(again.err().contains("relative to " + moved + " from now on; before, to " + photos), again.err());
        assertEquals(before, Json.objects(Run.of(search).succeeds()));

        Run.of("search", "--index", own, "--text", "a", "--image-root", photos).fails(photos + ": no such directory");
        Path file = moved.resolve("1.png");
        Run.of("index", "--image", moved, "--image-root", file, "--output", own).fails(file + ": expected a directory");
    }

    @Test
    void verifyingReadsAllOfAnIndex() throws IOException {
        Path own = directory.resolve("own");
        Run.of("index", "--image", EXAMPLES, "--output", own).succeeds();
        Run sound = Run.of("search", "--index", own, "--verify");
        assertEquals("", sound.succeeds());
        assertEquals("bridgetower: " + own + ": undamaged; 12 images and 0 captions\n", sound.err());
        Path largest;
        try (var files = Files.list(own.resolve("lucene"))) {
            largest = files.max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(largest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(largest, bytes);
        Run.of("search", "--index", own, "--verify").fails(own.resolve("lucene") + ": damaged, incomplete");
        Run.of("search", "--index", own, "--verify", "--text", "a star")
                .fails(own.resolve("lucene") + ": damaged, incomplete");
        // A writer that died leaves its mark, and the next one verifies what there is.
        Files.writeString(own.resolve("writing"), "");
        Run.of("index", "--image", EXAMPLES, "--output", own).fails(own.resolve("lucene") + ": damaged, incomplete");
    }

    @Test
    void aModelWithoutAHeadIsRefusedWhereItIsNeeded() throws IOException {
        Path vectorless = ModelCopy.in(directory)
                .replacingInHeader("\"itc_text_head", "\"other_head")
                .directory();
        Run.of("index", "--image", EXAMPLES, "--output", directory.resolve("none"), "--model", vectorless)
                .fails(vectorless + ": the model has no contrastive heads", "itc_text_head");
        assertFalse(Files.exists(directory.resolve("none")));
        Path matchless = ModelCopy.in(directory)
                .replacingInHeader("\"itm_score", "\"other_score")
                .directory();
        Run.of("search", "--index", index, "--text", "a", "--model", matchless).succeeds();
        Run.of("search", "--index", index, "--text", "a", "--model", matchless, "--rerank", 2)
                .fails(matchless + ": the model has no matching head (itm_score), which --rerank needs");
    }

    @Test
    void aDamagedIndexIsOneMessage() throws IOException {
        Path own = directory.resolve("own");
        Run.of("index", "--image", Run.example(1), "--output", own).succeeds();
        try (var files = Files.list(own.resolve("lucene"))) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Run.of("search", "--index", own, "--text", "a").fails(own.resolve("lucene") + ": damaged, incomplete");
        Run.of("index", "--image", Run.example(1), "--output", own)
                .fails(own.resolve("lucene") + ": damaged, incomplete");
        Files.writeString(own.resolve("manifest.json"), "{\"format\": ");
        Run.of("search", "--index", own, "--text", "a").fails(own.resolve("manifest.json") + ": not JSON");
    }

    /** As when the disk of the images is not mounted. */
    @Test
    void missingImagesAreNotRemovedWhereTheirRootIsMissing() throws IOException {
        Path photos = Files.createDirectory(directory.resolve("photos")), own = directory.resolve("own");
        Files.copy(Run.example(1), photos.resolve("01.png"));
        Run.of("index", "--image", photos, "--output", own).succeeds();
        Path elsewhere = Files.move(photos, directory.resolve("elsewhere"));
        Run.of("index", "--output", own, "--remove-missing").fails("which is not there", "--image-root");
        Files.move(elsewhere, photos);
        Run found = Run.of("search", "--index", own, "--text", "a black square");
        assertTrue(found.succeeds().contains("01.png"), found.out());
    }

    @Test
    void wrongCallsAreOneLine() throws IOException {
        Path own = directory.resolve("own");
        Run.of("index", "--output", own).isMisuse("--image", "--input", "--remove-missing");
        Run.of("index", "--image", EXAMPLES).isMisuse("--output");
        Run.of("index", "--image", directory.resolve("none"), "--output", own).fails("none: no such file");
        Run.of("index", "--input", directory, "--output", own).fails("found a directory");
        Path bytes = Files.write(directory.resolve("bytes.txt"), new byte[] {'a', '\n', (byte) 0xFF});
        Run.of("index", "--input", bytes, "--output", own).fails("bytes.txt, line 2: not valid UTF-8");
        Run.of("index", "--image", EXAMPLES, "--output", directory).fails(directory + ": is no index");
        Run.of("search", "--index", index).isMisuse("--text", "--image");
        Run.of("search", "--index", index, "--text", "a", "--image", Run.example(1))
                .isMisuse("--text", "--image");
        Run.of("search", "--index", index, "--text", "a", "--top", 0).isMisuse("--top");
        Run.of("search", "--index", index, "--text", "a", "--rerank", -1).isMisuse("--rerank");
        Run.of("search", "--index", own, "--text", "a").fails(own + ": no such directory");
        Run.of("search", "--index", EXAMPLES, "--text", "a").fails(EXAMPLES + ": is no index");
        Run.of("search", "--index", index, "--image", bytes).fails("bytes.txt: not an image");
        Run.of("search", "--index", index, "--text", "word ".repeat(500)).fails("the text \"word word", "at most");
        assertFalse(Files.exists(own));
    }

    private static List<Map<String, Object>> search(Object... args) throws IOException {
        Object[] all = new Object[args.length + 4];
        System.arraycopy(new Object[] {"search", "--index", index, "--json"}, 0, all, 0, 4);
        System.arraycopy(args, 0, all, 4, args.length);
        return Json.objects(Run.of(all).succeeds());
    }
}
