package io.bridgetower.model.checkpoint;

import io.bridgetower.model.checkpoint.safetensors.SafetensorsFixture;
import io.bridgetower.model.checkpoint.torch.PickleFixture;
import io.bridgetower.model.checkpoint.torch.ZipFixture;
import io.bridgetower.testing.ForkedJvm;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that would fill the memory if they were believed are refused by a process that has 64 MB. */
class RejectionMemoryTest {
    private static final int MEGABYTES = 64;

    /** As long as a header of safetensors may be. */
    private static final int LONGEST_HEADER = 100_000_000;

    @TempDir
    private Path directory;

    @Test
    void nothingThatIsRefusedTakesMoreThanLittleMemory() throws IOException {
        headers();
        pickles();
        archives();
        texts();
        new ForkedJvm(RejectionRun.class).megabytes(MEGABYTES).run(directory);
    }

    private void headers() throws IOException {
        header("key.safetensors", "{\"", "a");
        header("whitespace.safetensors", "{", " ");
        header("arrays.safetensors", "{\"a\":{\"x\":[", "[],");
        header("deep.safetensors", "{\"a\":{\"x\":", "[");
        header("shape.safetensors", "{\"a\":{\"shape\":[", "1,");
        header("metadata.safetensors", "{\"__metadata__\":{", "\"%d\":\"%d\",");
        header("value.safetensors", "{\"__metadata__\":{\"a\":\"", "a");
        header("escapes.safetensors", "{\"__metadata__\":{\"a\":\"", "\\u0061");
        header("number.safetensors", "{\"a\":{\"shape\":[", "9");
        header("entries.safetensors", "{", "\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},");
        SafetensorsFixture.write(
                directory.resolve("claim.safetensors"),
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[9223372036854775807],\"data_offsets\":[0,8]}}",
                8);
        Path sparse = directory.resolve("hole.safetensors");
        SafetensorsFixture.write(sparse, "{}", 0);
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(8L << 30);
        }
    }

    private void pickles() throws IOException {
        pickle("lists.bin", repeated(3_000_000, new byte[] {']'}));
        pickle("marks.bin", repeated(3_000_000, new byte[] {'('}));
        pickle("dictionaries.bin", repeated(3_000_000, new byte[] {'}'}));
        pickle("memo.bin", repeated(3_000_000, new byte[] {'N', (byte) 0x94}));
        pickle("tuples.bin", repeated(1_000_000, new byte[] {')', (byte) 0x85}));
        pickle("nested.bin", repeated(3_000_000, new byte[] {']', '(', 'N'}));
        byte[] strings = new byte[1 << 20];
        ByteBuffer.wrap(strings).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'X').putInt(strings.length - 5);
        pickle("strings.bin", repeated(60, strings));
        pickle("line.bin", repeated(1, ("c" + "a".repeat(1 << 24)).getBytes(StandardCharsets.US_ASCII)));
    }

    private void archives() throws IOException {
        ZipFixture many = new ZipFixture(true);
        for (int i = 0; i < 300_000; i++) many.add("x/" + i, new byte[0]);
        Files.write(directory.resolve("many.bin"), many.bytes());
        byte[] data = new byte[1000];
        ZipFixture bomb = new ZipFixture(false).add("x/data.pkl", data);
        for (int i = 0; i < 10_000; i++) bomb.add("x/data.pkl", "x/data.pkl", data, 0, 0, data.length, 0);
        Files.write(directory.resolve("bomb.bin"), bomb.bytes());
        Files.write(
                directory.resolve("deflated.bin"),
                new ZipFixture(false)
                        .add("x/data.pkl", "x/data.pkl", data, 8, 0, 0xFFFFFFFFL, -1)
                        .bytes());
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("hole.bin").toFile(), "rw")) {
            file.setLength(8L << 30);
        }
    }

    private void texts() throws IOException {
        text("names.index.json", "{\"weight_map\":{", "\"%d\":\"f\",", 60_000_000);
        text("files.index.json", "{\"weight_map\":{", "\"%d\":\"%d\",", 60_000_000);
        text("long.index.json", "{\"weight_map\":{\"", "a", 60_000_000);
        text("longer.index.json", "{", " ", 70_000_000);
        text("config-arrays.json", "{\"a\":[", "[],", 260_000);
        text("config-objects.json", "{\"a\":[", "{\"\":0},", 260_000);
        text("config-names.json", "{", "\"%d\":0,", 260_000);
        text("config-long.json", "{\"", "a", 100_000_000);
    }

    private void header(String name, String begin, String item) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(directory.resolve(name)), 1 << 16)) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(LONGEST_HEADER)
                    .array());
            fill(out, begin, item, LONGEST_HEADER);
        }
    }

    private void text(String name, String begin, String item, int bytes) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(directory.resolve(name)), 1 << 16)) {
            fill(out, begin, item, bytes);
        }
    }

    /** Writes the beginning and then the item, numbered, until there are so many bytes. */
    private static void fill(OutputStream out, String begin, String item, int bytes) throws IOException {
        byte[] piece = begin.getBytes(StandardCharsets.US_ASCII);
        int written = 0, count = 0;
        while (written < bytes) {
            int length = Math.min(piece.length, bytes - written);
            out.write(piece, 0, length);
            written += length;
            piece = numbered(item, count++);
        }
    }

    private static byte[] numbered(String item, int count) {
        String text = item.contains("%") ? item.replace("%d", Integer.toString(count)) : item.repeat(1000);
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void pickle(String name, byte[] code) throws IOException {
        byte[] pickle = new byte[code.length + 2];
        pickle[0] = (byte) 0x80;
        pickle[1] = 2;
        System.arraycopy(code, 0, pickle, 2, code.length);
        Files.write(directory.resolve(name), ZipFixture.archive(pickle, PickleFixture.floats(6)));
    }

    private static byte[] repeated(int count, byte[] code) {
        ByteBuffer all = ByteBuffer.allocate(count * code.length);
        for (int i = 0; i < count; i++) all.put(code);
        return all.array();
    }
}
