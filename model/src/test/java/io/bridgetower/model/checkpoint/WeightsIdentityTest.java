package io.bridgetower.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.Sha256;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.checkpoint.tensor.FileStamp;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hashes of weights, and where they are kept. */
class WeightsIdentityTest {
    private static final int ROWS = 1000, COLUMNS = 16;

    @TempDir
    private Path directory;

    /** Indexes on disk hold what is made of it: if it changes, the version of fingerprints must. */
    @Test
    void theHashIsThatOfVersionOne() throws IOException {
        write(directory, values(), "bridgetower.text_model.a.weight");
        assertEquals(
                "6607afe80b23a2c7dd447faaec1abebe5f0e9ee5aba4324e5a3d201c3b0bce66",
                identity(directory, "bridgetower.text_model."));
    }

    @Test
    void everyByteShows() throws IOException {
        Path file = write(directory, values(), "a.weight");
        String before = identity(directory);
        byte[] bytes = Files.readAllBytes(file);
        int begin = bytes.length - ROWS * COLUMNS * Float.BYTES;
        Set<String> identities = new HashSet<>(Set.of(before));
        for (int i = begin; i < bytes.length; i += 7919) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            Files.write(file, changed);
            assertTrue(identities.add(identity(directory)), "byte " + i);
        }
        Files.write(file, bytes);
        assertEquals(before, identity(directory));
    }

    @Test
    void namesShapesAndTypesShow() throws IOException {
        float[] values = new float[6];
        Set<String> identities = new HashSet<>();
        new SafetensorsWriter().add("a", values, 2, 3).write(weights(directory));
        identities.add(identity(directory));
        new SafetensorsWriter().add("a", values, 3, 2).write(weights(directory));
        identities.add(identity(directory));
        new SafetensorsWriter().add("b", values, 2, 3).write(weights(directory));
        identities.add(identity(directory));
        new SafetensorsWriter()
                .addHalves("a", MemorySegment.ofArray(new short[12]), 4, 3)
                .write(weights(directory));
        identities.add(identity(directory));
        assertEquals(4, identities.size());
    }

    @Test
    void oldNamesAndPrefixesAndIntegersDoNotShow() throws IOException {
        write(directory, values(), "LayerNorm.weight");
        Path other = Files.createDirectory(directory.resolve("other"));
        new SafetensorsWriter()
                .add("module.LayerNorm.gamma", values(), ROWS, COLUMNS)
                .add("position_ids", new long[] {1, 2}, 2)
                .write(weights(other));
        assertEquals(identity(directory), identity(other));
    }

    @Test
    void shardsOfTheSameTensorsAreTheSame() throws IOException {
        new SafetensorsWriter()
                .add("a", values(), ROWS, COLUMNS)
                .add("b", new float[] {1}, 1)
                .write(weights(directory));
        String whole = identity(directory);
        Files.delete(weights(directory));
        new SafetensorsWriter().add("a", values(), ROWS, COLUMNS).write(directory.resolve("1.safetensors"));
        new SafetensorsWriter().add("b", new float[] {1}, 1).write(directory.resolve("2.safetensors"));
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}");
        assertEquals(whole, identity(directory));
    }

    @Test
    void partsAreChosenByTheBeginningsOfTheirNames() throws IOException {
        new SafetensorsWriter()
                .add("x.a.weight", new float[] {1}, 1)
                .add("x.b.weight", new float[] {2}, 1)
                .add("y.a.weight", new float[] {1}, 1)
                .add("y.c.weight", new float[] {3}, 1)
                .write(weights(directory));
        Files.writeString(directory.resolve("config.json"), "{}");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            Weights x = checkpoint.weights().sub("x"), y = checkpoint.weights().sub("y");
            assertEquals(x.identity("a.").sha256(), y.identity("a.").sha256());
            assertNotEquals(x.identity().sha256(), y.identity().sha256());
            assertNotEquals(x.identity("a.").sha256(), x.identity("b.").sha256());
            assertTrue(
                    x.identity("a.").isOfSameFiles(checkpoint.weights().sub("x").identity("a.")));
            assertFalse(x.identity("a.").isOfSameFiles(y.identity("a.")));
        }
    }

    @Test
    void filesThatHaveChangedSinceAreRefused() throws IOException {
        Path file = write(directory, values(), "a.weight");
        WeightsIdentity identity = opened(directory);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        FileSystemException changed = assertThrows(FileSystemException.class, identity::sha256);
        assertEquals(file.toRealPath().toString(), changed.getFile());
        assertTrue(changed.getReason().startsWith("has changed since the model was loaded"), changed.getReason());
        Files.delete(file);
        assertThrows(NoSuchFileException.class, identity::sha256);
    }

    @Test
    void whatWasComputedOnceOutlivesTheFiles() throws IOException {
        Path file = write(directory, values(), "a.weight");
        WeightsIdentity identity = opened(directory);
        String hash = identity.sha256();
        Files.delete(file);
        assertEquals(hash, identity.sha256());
    }

    @Test
    void hashesAreKeptNextToTheWeights() throws IOException {
        Path file = settled();
        SortedMap<String, String> digests = digests(file, null).get();
        Path entry = directory.resolve(".model.safetensors.hashes");
        assertTrue(Files.exists(entry));
        assertEquals(digests, digests(file, null).get());
        assertEquals(
                Map.of("a.weight", "0".repeat(64)),
                digests(forged(file, entry), null).get(),
                "the entry is read");
    }

    @Test
    void staleAndDamagedEntriesAreComputedAgain() throws IOException {
        Path file = settled();
        Path entry = directory.resolve(".model.safetensors.hashes");
        SortedMap<String, String> digests = digests(file, null).get();
        forged(file, entry);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertEquals(digests, digests(file, null).get(), "written again, with the old size and time");

        String sound = Files.readString(entry);
        int at = sound.indexOf(digests.firstEntry().getValue());
        for (String damaged : List.of(
                "",
                "\0",
                sound.substring(0, sound.length() / 2),
                sound.substring(0, at) + (sound.charAt(at) == '0' ? '1' : '0') + sound.substring(at + 1))) {
            Files.writeString(entry, damaged);
            assertEquals(digests, digests(file, null).get());
            assertEquals(sound, Files.readString(entry));
        }
    }

    @Test
    void aFileThatHasJustChangedIsNotTrusted() throws IOException {
        Path file = write(directory, values(), "a.weight");
        digests(file, null).get();
        assertFalse(Files.exists(directory.resolve(".model.safetensors.hashes")));
    }

    @Test
    void whereNothingCanBeWrittenTheUsersCacheDoesOrNothing() throws IOException {
        Path file = settled();
        Files.createDirectory(directory.resolve(".model.safetensors.hashes"));
        Path cache = directory.resolve("cache").resolve("bridgetower");
        SortedMap<String, String> digests = digests(file, cache).get();
        Path entry = cache.resolve(Sha256.hex(file.toRealPath().toString()) + ".hashes");
        assertTrue(Files.exists(entry));
        assertEquals(
                Map.of("a.weight", "0".repeat(64)),
                digests(forged(file, entry), cache).get());
        Path impossible = Files.createFile(directory.resolve("file")).resolve("bridgetower");
        assertEquals(digests, digests(file, impossible).get());
        assertEquals(digests, digests(file, null).get());
    }

    @Test
    void theUsersCacheIsWhereThePlatformKeepsIt() {
        assertEquals(
                Path.of("/x/bridgetower"),
                DigestCache.userCache(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h"), "Linux"));
        assertEquals(Path.of("/h/.cache/bridgetower"), DigestCache.userCache(Map.of("HOME", "/h"), "Linux"));
        assertEquals(Path.of("/h/Library/Caches/bridgetower"), DigestCache.userCache(Map.of("HOME", "/h"), "Mac OS X"));
        assertEquals(
                Path.of("/h/.cache/bridgetower"),
                DigestCache.userCache(Map.of("HOME", "/h", "XDG_CACHE_HOME", "relative"), "Linux"));
        assertNull(DigestCache.userCache(Map.of("HOME", ""), "Linux"));
    }

    private static float[] values() {
        float[] values = new float[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) values[i] = i / 8f;
        return values;
    }

    private static Path weights(Path directory) {
        return directory.resolve("model.safetensors");
    }

    private static Path write(Path directory, float[] values, String name) throws IOException {
        new SafetensorsWriter().add(name, values, ROWS, COLUMNS).write(weights(directory));
        return weights(directory);
    }

    /** Weights that were written long ago. */
    private Path settled() throws IOException {
        Path file = write(directory, values(), "a.weight");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        return file;
    }

    /** Puts a hash into the entry that is not the tensor's. */
    private static Path forged(Path file, Path entry) throws IOException {
        SortedMap<String, String> wrong = new TreeMap<>(Map.of("a.weight", "0".repeat(64)));
        String text = Files.readString(entry);
        String rest = text.substring(Sha256.DIGITS + 1)
                .replaceAll("[0-9a-f]{64} a.weight", wrong.get("a.weight") + " a.weight");
        Files.writeString(entry, Sha256.hex(rest) + "\n" + rest);
        return file;
    }

    private static TensorDigests digests(Path file, Path userCache) throws IOException {
        return new TensorDigests(
                WeightFiles.of(file), List.of(FileStamp.of(file)), new DigestCache(file, userCache, 0));
    }

    private static String identity(Path directory, String... parts) throws IOException {
        return opened(directory, parts).sha256();
    }

    /** Of a checkpoint that is closed by now. */
    private static WeightsIdentity opened(Path directory, String... parts) throws IOException {
        Files.writeString(directory.resolve("config.json"), "{}");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return checkpoint.weights().identity(parts);
        }
    }
}
