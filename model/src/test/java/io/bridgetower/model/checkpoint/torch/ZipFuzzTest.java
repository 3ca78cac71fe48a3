package io.bridgetower.model.checkpoint.torch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bridgetower.files.MalformedFileException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a zip directory says, its entries lie apart within the file, or it is refused by the one exception. */
class ZipFuzzTest {
    private static final Path FILE = Path.of("pytorch_model.bin");

    static Stream<byte[]> seeds() {
        byte[] data = PickleFixture.floats(3);
        return Stream.of(
                ZipFixture.archive(new byte[] {'.'}, data),
                new ZipFixture(true)
                        .add("x/data.pkl", data)
                        .add("x/data/0", data)
                        .bytes(),
                new ZipFixture(false)
                        .add("x/a", "x/a", data, 8, 0, data.length, -1)
                        .bytes(),
                new ZipFixture(true)
                        .add("x/a", "x/a", data, 0, 0, Long.MAX_VALUE, -1)
                        .bytes(),
                new ZipFixture(true).add("x/a", data).bytes(-1));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void directory(byte[] bytes) {
        try {
            long total = 0;
            var entries = new ZipDirectory(FILE, MemorySegment.ofArray(bytes)).entries();
            for (MemorySegment entry : entries.values()) total += entry.byteSize();
            if (total > bytes.length) throw new AssertionError("entries of " + total + " bytes in " + bytes.length);
        } catch (MalformedFileException e) {
            // What every other file is.
        }
    }
}
