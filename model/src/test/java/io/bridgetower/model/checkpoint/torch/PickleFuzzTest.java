package io.bridgetower.model.checkpoint.torch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bridgetower.files.MalformedFileException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a pickle says, it is read or refused by the one exception, and its tensors lie within their storages. */
class PickleFuzzTest {
    private static final Path FILE = Path.of("pytorch_model.bin");
    private static final MemorySegment STORAGE = MemorySegment.ofArray(PickleFixture.floats(6));

    static Stream<byte[]> seeds() {
        long[] shape = {2, 3}, strides = {3, 1};
        PickleFixture dictionary = new PickleFixture()
                .op('}')
                .op('q')
                .op(0)
                .op('(')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, shape, strides)
                .text("b")
                .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .op('u');
        PickleFixture ordered = new PickleFixture()
                .global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .text("p")
                .global("torch._utils", "_rebuild_parameter")
                .tensor("HalfStorage", "0", 12, 1, shape, strides)
                .op(0x88)
                .op('N')
                .op(0x87)
                .op('R')
                .op('s')
                .op('}')
                .op('b');
        PickleFixture attack =
                new PickleFixture().global("os", "system").text("id").op(0x85).op('R');
        PickleFixture cycle =
                new PickleFixture().op(']').op('q').op(0).op('h').op(0).op('a');
        PickleFixture protocolFour = new PickleFixture()
                .op(0x80, 4)
                .op(0x95, 0, 0, 0, 0, 0, 0, 0, 0)
                .op('}')
                .op(0x94)
                .op(0x8c, 1, 'a')
                .op('K')
                .op(1)
                .op('s');
        PickleFixture trainer = new PickleFixture()
                .op('}')
                .op('(')
                .text("hyper_parameters")
                .global("lightning", "AttributeDict")
                .op(')')
                .op(0x81)
                .text("config")
                .op('}')
                .text("image_size")
                .op('K', 64)
                .op('s')
                .op('s')
                .text("x")
                .global("numpy", "dtype")
                .op('C', 1, 'a')
                .op(0x85)
                .op('R')
                .op('N')
                .op('b')
                .op('u');
        return Stream.of(dictionary, ordered, attack, cycle, protocolFour, trainer)
                .map(PickleFixture::bytes);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void pickle(byte[] bytes) {
        read(bytes, null);
        SortedSet<String> passedOver = new TreeSet<>();
        TrainerFields.of(read(bytes, passedOver), passedOver);
    }

    private static Object read(byte[] bytes, Set<String> passedOver) {
        TorchObjects objects = new TorchObjects(Map.of("x/data/0", STORAGE), "x/", passedOver);
        Object value;
        try {
            value = new PickleReader(FILE, "data.pkl", MemorySegment.ofArray(bytes), objects).read();
        } catch (MalformedFileException e) {
            return null;
        }
        check(TrainerFields.dictionary(value));
        return value;
    }

    private static void check(Map<?, ?> map) {
        for (Object item : map.values()) {
            if (!(item instanceof TorchTensor tensor) || tensor.bytes() > 1 << 16) continue;
            if (tensor.isContiguous()) tensor.slice();
            tensor.copyTo(MemorySegment.ofArray(new byte[(int) tensor.bytes()]));
        }
    }
}
