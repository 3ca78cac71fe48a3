package io.bridgetower.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.BridgeTowerForImageAndTextRetrieval;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.checkpoint.tensor.Weight;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints of which some bytes were changed at random, always the same ones: each loads or is refused by the one
 * exception, which names the file, in little memory. {@code -Dbridgetower.mutants=100000} makes more of each kind.
 */
@Timeout(3600)
class MutationTest {
    private static final int MUTANTS = Integer.getInteger("bridgetower.mutants", 2000);

    /** Of those whose files are read, one in so many is loaded as a model. */
    private static final int LOADED = 40;

    private static final long MAX_BYTES = 64L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Random random = new Random(6);
    private int refused;
    private int read;

    @TempDir
    private Path directory;

    @Test
    void headersOfSafetensors() throws IOException {
        Path file = copy("defaults", "model.safetensors");
        mutateParts(file, part(file, 0, Long.BYTES + (int) number(file, 0, Long.BYTES)));
    }

    @Test
    void picklesAndZipDirectoriesOfTorch() throws IOException {
        Path file = copy("pytorch_bin", "pytorch_model.bin");
        int directoryBegin = (int) number(file, Files.size(file) - 6, Integer.BYTES);
        int pickleBytes = (int) number(file, directoryBegin + 20, Integer.BYTES);
        mutateParts(file, part(file, 0, pickleBytes));
        mutateParts(file, part(file, directoryBegin, (int) Files.size(file) - directoryBegin));
    }

    @Test
    void configurations() throws IOException {
        copy("defaults", "model.safetensors");
        mutateText(directory.resolve("config.json"));
    }

    @Test
    void indexesOfShards() throws IOException {
        mutateText(copy("sharded", "model.safetensors.index.json"));
    }

    @Test
    void endsOfFiles() throws IOException {
        Path file = copy("pytorch_bin", "pytorch_model.bin");
        for (int i = 0; i < MUTANTS / 4; i++) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 1 - random.nextInt(200));
            }
            check(file);
        }
        assertTrue(read == 0, read + " of " + MUTANTS / 4 + " are whole");
    }

    /** Changes some bytes of a part, in place, and puts them back. */
    private void mutateParts(Path file, Part part) throws IOException {
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = part.bytes.clone();
            for (int edits = random.nextInt(4); edits >= 0; edits--) edit(bytes);
            part.write(file, bytes);
            check(file);
        }
        part.write(file, part.bytes);
        assertTrue(refused > MUTANTS / 20 && read > 0, refused + " refused, " + read + " read");
    }

    /** Changes, repeats or drops some pieces of a text. */
    private void mutateText(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = whole;
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                bytes = bytes.clone();
                if (random.nextInt(3) > 0) edit(bytes);
                else bytes = moved(bytes);
            }
            Files.write(file, bytes);
            check(file);
        }
        assertTrue(refused > MUTANTS / 20 && read > 0, refused + " refused, " + read + " read");
    }

    private void edit(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) "0919-\"{}[],:.e".charAt(random.nextInt(14));
            case 3 -> digit(bytes, at);
            case 4 ->
                Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), (byte) -random.nextInt(2));
            default -> {
                int from = random.nextInt(bytes.length), count = 1 + random.nextInt(40);
                count = Math.min(count, bytes.length - Math.max(at, from));
                System.arraycopy(bytes, from, bytes, at, count);
            }
        }
    }

    /** Replaces the next digit by another: what is still valid, but says something else. */
    private void digit(byte[] bytes, int from) {
        for (int at = from; at < bytes.length; at++) {
            if (bytes[at] < '0' || bytes[at] > '9') continue;
            bytes[at] = (byte) ('0' + random.nextInt(10));
            return;
        }
    }

    /** Leaves out a piece, or puts it at another place too. */
    private byte[] moved(byte[] bytes) {
        int from = random.nextInt(bytes.length), count = Math.min(1 + random.nextInt(60), bytes.length - from);
        int to = random.nextBoolean() ? from : random.nextInt(bytes.length);
        int skipped = to == from ? count : 0;
        ByteBuffer out = ByteBuffer.allocate(bytes.length + count);
        out.put(bytes, 0, to).put(bytes, from, skipped == 0 ? count : 0);
        out.put(bytes, to + skipped, bytes.length - to - skipped);
        return Arrays.copyOf(out.array(), out.position());
    }

    private void check(Path file) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            for (String name : checkpoint.weights().names()) touch(checkpoint, name);
            if (++read % LOADED == 0)
                BridgeTowerForImageAndTextRetrieval.load(directory).close();
        } catch (MalformedFileException e) {
            refused++;
            assertTrue(e.file().startsWith(directory), e.getMessage());
            long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(bytes < MAX_BYTES, bytes + " bytes before: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            throw new AssertionError("cannot stand " + keep(file), e);
        }
    }

    /** Reads the ends of a tensor. */
    private static void touch(Checkpoint checkpoint, String name) throws IOException {
        TensorInfo info = checkpoint.weights().info(name);
        if (!info.dtype().isWeight() || Arrays.stream(info.shape()).anyMatch(dim -> dim > Integer.MAX_VALUE)) return;
        int[] shape = Arrays.stream(info.shape()).mapToInt(Math::toIntExact).toArray();
        Weight weight = checkpoint.weights().get(name, shape);
        long bytes = weight.segment().byteSize();
        assertTrue(bytes == info.elements() * info.dtype().bits() / Byte.SIZE, weight.toString());
        if (bytes == 0) return;
        weight.segment().get(ValueLayout.JAVA_BYTE, 0);
        weight.segment().get(ValueLayout.JAVA_BYTE, bytes - 1);
    }

    /** What is to be looked at stays after the test. */
    private static Path keep(Path file) throws IOException {
        Path kept = Files.createTempFile("mutant-", "-" + file.getFileName());
        return Files.write(kept, Files.readAllBytes(file));
    }

    private Path copy(String folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(Golden.directory(folder))) {
            for (Path file : files.toList()) Files.copy(file, directory.resolve(file.getFileName()));
        }
        return directory.resolve(name);
    }

    private static long number(Path file, long at, int bytes) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.read(number.limit(bytes), at);
        }
        return number.clear().getLong();
    }

    private static Part part(Path file, int begin, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.read(bytes, begin);
        }
        return new Part(begin, bytes.array());
    }

    /** Some bytes of a file, as they were. */
    private record Part(int begin, byte[] bytes) {
        void write(Path file, byte[] changed) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(changed), begin);
            }
        }
    }
}
