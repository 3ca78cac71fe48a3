package io.bridgetower.model.checkpoint.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles that mean harm or mean nothing: each is refused, by the one exception and a reason. */
class TorchAttackTest {
    private static final long[] SHAPE = {2, 3};
    private static final long[] STRIDES = {3, 1};

    @TempDir
    private Path directory;

    static Stream<Arguments> attacks() {
        return Stream.of(
                attack(
                        "os.system",
                        "asks for posix.system, which",
                        p -> p.global("posix", "system").text("id").op(0x85).op('R')),
                attack(
                        "eval",
                        "asks for builtins.eval",
                        p -> p.text("builtins").text("eval").op(0x93)),
                attack(
                        "a dotted way to eval",
                        "asks for torch._utils.builtins.eval",
                        p -> p.global("torch._utils", "builtins.eval")),
                attack("control characters", "asks for a?[2J.b", p -> p.global("a\u001b[2J", "b")),
                attack("opcode INST", "opcode 0x69", p -> p.op('(').op('i')),
                attack("opcode OBJ", "opcode 0x6f", p -> p.op('(').op('o')),
                attack("opcode NEWOBJ", "opcode 0x81", p -> p.op(')').op(0x81)),
                attack("opcode EXT1", "opcode 0x82", p -> p.op(0x82, 1)),
                attack(
                        "call of a string",
                        "calls what cannot be called",
                        p -> p.text("x").op(')').op('R')),
                attack(
                        "call of None",
                        "calls what cannot be called",
                        p -> p.op('N').op(')').op('R')),
                attack(
                        "call of a type",
                        "calls what cannot be called",
                        p -> p.global("torch", "FloatStorage").op(')').op('R')),
                attack(
                        "call with a list",
                        "calls with what is not a tuple",
                        p -> p.text("x").op(']').op('R')),
                attack("empty stack", "takes a value that is not there", p -> p.op('0')),
                attack(
                        "below a mark",
                        "takes a value that is not there",
                        p -> p.text("x").op('(').op('0')),
                attack(
                        "pair below a mark",
                        "takes a value that is not there",
                        p -> p.text("x").op('(').text("y").op(0x86)),
                attack("no mark", "a mark that is not there", p -> p.op('t')),
                attack("empty memo", "takes from the memo", p -> p.op('h').op(9)),
                attack(
                        "odd items",
                        "without a value",
                        p -> p.op('}').op('(').text("x").op('u')),
                attack(
                        "a list as a key",
                        "neither a string nor an integer",
                        p -> p.op('}').op(']').op('N').op('s')),
                attack(
                        "itself as a key",
                        "neither a string",
                        p -> p.op('}').op('q').op(0).op('h').op(0).op('N').op('s')),
                attack(
                        "item of a list",
                        "not a dictionary",
                        p -> p.op(']').text("x").op('N').op('s')),
                attack(
                        "append to a dictionary",
                        "not a list",
                        p -> p.op('}').text("x").op('a')),
                attack(
                        "append to a tuple",
                        "not a list",
                        p -> p.op(')').text("x").op('a')),
                attack(
                        "state of a tuple",
                        "sets the state",
                        p -> p.op(')').op('}').op('b')),
                attack(
                        "list in itself",
                        "no dictionary of tensors",
                        p -> p.op(']').op('q').op(0).op('h').op(0).op('a')),
                attack(
                        "string past the end",
                        "found a string of 4294967295",
                        p -> p.op('X').op(255, 255, 255, 255)),
                attack(
                        "string of 2^64",
                        "found a string of 18446744073709551615",
                        p -> p.op(0x8d).op(255, 255, 255, 255, 255, 255, 255, 255)),
                attack("string not UTF-8", "not valid UTF-8", p -> p.op(0x8c, 1, 0xFF)),
                attack("integer of 9 bytes", "integer of 9 bytes", p -> p.op(0x8a, 9)),
                attack("frame past the end", "frame runs past", p -> p.op(0x95, 255, 0, 0, 0, 0, 0, 0, 0)),
                attack("protocol 6", "protocol 6", p -> p.op(0x80, 6)),
                attack("a number", "no dictionary of tensors", p -> p.op('K').op(1)),
                attack("an empty dictionary", "no dictionary of tensors", p -> p.op('}')),
                attack("id of a string", "not a storage", p -> p.text("storage").op('Q')),
                attack("storage not there", "storage ../0 is not in", p -> p.storage("FloatStorage", "../0", 6)),
                attack(
                        "storage too long",
                        "7 elements of F32 expected, the archive has 24",
                        p -> p.storage("FloatStorage", "0", 7)),
                attack("storage too short", "2 elements of F64", p -> p.storage("DoubleStorage", "0", 2)),
                attack("negative storage", "-1 elements", p -> p.storage("FloatStorage", "0", -1)),
                attack("unknown storage", "asks for torch.QUInt8Storage", p -> p.storage("QUInt8Storage", "0", 24)),
                attack("view past the end", "past its storage of 6", tensor(1, SHAPE, STRIDES)),
                attack("stride past the end", "past its storage of 6", tensor(0, SHAPE, new long[] {4, 1})),
                attack("stride of 2^62", "past its storage", tensor(0, new long[] {5}, new long[] {1L << 62})),
                attack("size of 2^63 - 1", "past its storage", tensor(0, new long[] {Long.MAX_VALUE}, new long[] {0})),
                attack("sizes of 2^66", "past its storage", tensor(0, new long[] {1L << 33, 1L << 33}, new long[] {0, 0
                })),
                attack("offset of 2^63 - 1", "past its storage", tensor(Long.MAX_VALUE, SHAPE, STRIDES)),
                attack("negative offset", "begins at element -1", tensor(-1, SHAPE, STRIDES)),
                attack("negative size", "integers from 0", tensor(0, new long[] {-1}, new long[] {1})),
                attack("negative stride", "integers from 0", tensor(5, new long[] {6}, new long[] {-1})),
                attack("more sizes than strides", "2 sizes and 1 strides", tensor(0, SHAPE, new long[] {1})),
                attack("65 dimensions", "65 dimensions", tensor(0, new long[65], new long[65])),
                attack(
                        "tensor of nothing",
                        "rebuilds a tensor of",
                        p -> p.global("torch._utils", "_rebuild_tensor_v2")
                                .op(')')
                                .op('R')),
                attack(
                        "parameter of nothing",
                        "rebuilds a parameter",
                        p -> p.global("torch._utils", "_rebuild_parameter")
                                .op(')')
                                .op('R')),
                attack(
                        "OrderedDict of a list",
                        "not empty",
                        p -> p.global("collections", "OrderedDict")
                                .op(']')
                                .op(0x85)
                                .op('R')),
                attack("a million lists", "more than any state dict", p -> repeat(p, 1_000_000, ']')),
                attack("a million marks", "more than any state dict", p -> repeat(p, 2_000_000, '(')),
                attack("a doubling of lists", "more than any state dict", TorchAttackTest::doubling));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void refusesAttacks(String what, String complaint, PickleFixture pickle) throws IOException {
        Path path = Files.write(
                directory.resolve("pytorch_model.bin"), ZipFixture.archive(pickle.bytes(), PickleFixture.floats(6)));
        MalformedFileException e = assertThrows(
                MalformedFileException.class, () -> TorchFile.open(path).close());
        assertEquals("data.pkl", e.field());
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
    }

    private static Arguments attack(String what, String complaint, Consumer<PickleFixture> code) {
        PickleFixture pickle = new PickleFixture();
        code.accept(pickle);
        return Arguments.of(what, complaint, pickle);
    }

    private static Consumer<PickleFixture> tensor(long offset, long[] shape, long[] strides) {
        return pickle -> pickle.tensor("FloatStorage", "0", 6, offset, shape, strides);
    }

    private static void repeat(PickleFixture pickle, int count, char opcode) {
        for (int i = 0; i < count; i++) pickle.op(opcode);
    }

    /** Lists that hold the one before as often as the memo can say it. */
    private static void doubling(PickleFixture pickle) {
        pickle.op(']').op('q').op(0);
        for (int level = 0; level < 10; level++) {
            pickle.op(']').op('(');
            for (int i = 0; i < 200_000; i++) pickle.op('h').op(0);
            pickle.op('e').op('q').op(0);
        }
    }
}
