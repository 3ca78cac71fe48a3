package io.bridgetower.model.checkpoint.safetensors;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.Shapes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes a safetensors file begins with, its header is read or refused by the one exception. */
class SafetensorsFuzzTest {
    private static final Path FILE = Path.of("model.safetensors");

    static Stream<byte[]> seeds() {
        return Stream.of(
                seed("{}", 0),
                seed("{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", 8),
                seed("{'__metadata__':{'format':'pt'},'b':{'dtype':'I64','shape':[1,1],'data_offsets':[0,8]}}", 8),
                seed(
                        "{'a':{'dtype':'F4','shape':[2,3],'data_offsets':[0,3]},'n':{'dtype':'BOOL','shape':[0],"
                                + "'data_offsets':[3,3]}}  ",
                        3),
                seed("{'a':{'x':[[{}]],'dtype':'F16','shape':[4294967296,4294967296],'data_offsets':[0,1]}}", 1),
                seed("{'\\u00e9\\n':{'dtype':'U8','shape':[],'data_offsets':[0,1]}}", 1));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void header(byte[] bytes) throws IOException {
        check(bytes);
        // A length that is right lets most changes of the text through to the rules behind it.
        check(SafetensorsFixture.bytes(bytes.length, bytes, new byte[8]));
    }

    private static void check(byte[] bytes) throws IOException {
        MemorySegment file = MemorySegment.ofArray(bytes);
        SafetensorsHeader header;
        try {
            header = new SafetensorsHeader(FILE, file);
        } catch (MalformedFileException e) {
            return;
        }
        long covered = header.dataBegin();
        for (TensorEntry entry : header.entries().values()) {
            MemorySegment data = file.asSlice(header.dataBegin() + entry.begin(), entry.end() - entry.begin());
            if (data.byteSize() != entry.dtype().bytes(Shapes.elements(entry.shape()))) throw new AssertionError(entry);
            covered += data.byteSize();
        }
        if (covered != bytes.length) throw new AssertionError("tensors end at " + covered + " of " + bytes.length);
    }

    private static byte[] seed(String header, int dataBytes) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return SafetensorsFixture.bytes(json.length, json, new byte[dataBytes]);
    }
}
