package io.bridgetower.engine.code;

import static io.bridgetower.engine.code.Assembler.Register.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bridgetower.engine.code.Assembler.Register;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssemblerTest {
    /** What GNU's assembler makes of the same lines. */
    @Test
    void vectorCodeIsThatOfAnAssembler() {
        Assembler narrow = new Assembler(256), wide = new Assembler(512);
        for (Assembler code : List.of(narrow, wide)) {
            code.broadcast(13, RSI, 4);
            code.multiplyAdd(9, 12, 13);
            code.store(3, RSI, 64);
            code.loop(RDI, 9);
            code.clearUpperHalves();
            code.end();
        }
        String end = "48ffcf0f85%sc5f877c3";
        assertEquals(
                "c4627d18ae04000000" + "c4421da8cd" + "c4e17c119e40000000" + end.formatted("e9ffffff"), hex(narrow));
        assertEquals(
                "62727d4818ae04000000" + "62521d48a8cd" + "62f17c48119e40000000" + end.formatted("e6ffffff"),
                hex(wide));
        assertThrows(IllegalArgumentException.class, () -> new Assembler(128));
    }

    /** As above. */
    @Test
    void tileCodeIsThatOfAnAssembler() {
        Assembler code = new Assembler(512);
        code.configureTiles(R14, 0);
        code.loadTile(4, RAX, R11, 0x400);
        code.multiplyTiles(1, 4, 7);
        code.storeTile(3, R14, R10, 0x40);
        code.releaseTiles();
        code.dotProduct(3, 28, 17);
        assertEquals(
                "c4c278498600000000" + "c4a27b4ba41800040000" + "c4e2425ccc" + "c4827a4b9c1640000000" + "c4e27849c0"
                        + "62b21e4052d9",
                hex(code));
    }

    /** Every register in every place, as GNU's disassembler reads them. */
    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void aDisassemblerReadsVectorsAsMeant(int bits, @TempDir Path directory) throws Exception {
        Assembler code = new Assembler(bits);
        List<String> expected = new ArrayList<>();
        String name = bits == 256 ? "ymm" : "zmm", memory = bits == 256 ? "YMMWORD PTR " : "ZMMWORD PTR ";
        int registers = bits == 256 ? 16 : 32;
        for (int i = 0; i < registers; i++) {
            int factor = (i * 7 + 3) % registers, addend = (i * 5 + 9) % registers, offset = 0x1000 + i;
            Register base = Register.values()[i % 16];
            code.broadcast(i, base, offset);
            expected.add("vbroadcastss " + name + i + ",DWORD PTR " + place(base, offset));
            code.store(i, base, offset);
            expected.add("vmovups " + memory + place(base, offset) + "," + name + i);
            code.load(i, base, offset);
            expected.add("vmovups " + name + i + "," + memory + place(base, offset));
            code.multiplyAdd(i, factor, addend);
            expected.add("vfmadd213ps " + name + i + "," + name + factor + "," + name + addend);
            if (bits == 256) continue;
            code.dotProduct(i, factor, addend);
            expected.add("vdpbf16ps " + name + i + "," + name + factor + "," + name + addend);
        }
        code.clearUpperHalves();
        expected.add("vzeroupper");
        assertDisassembles(expected, code, directory.resolve("code"));
    }

    /** As above. */
    @Test
    void aDisassemblerReadsTilesAndNumbersAsMeant(@TempDir Path directory) throws Exception {
        Assembler code = new Assembler(512);
        List<String> expected = new ArrayList<>();
        for (Register register : Register.values()) {
            int i = register.ordinal(), offset = 0x1000 + i;
            Register other = Register.values()[(i * 7 + 3) % 16];
            int tile = i % 8, second = (i * 3 + 1) % 8, third = (i * 5 + 2) % 8;
            code.configureTiles(register, offset);
            expected.add("ldtilecfg " + place(register, offset));
            if (other != RSP) {
                String rows = "[" + name(register) + "+" + name(other) + "*1+0x" + Integer.toHexString(offset) + "]";
                code.loadTile(tile, register, other, offset);
                expected.add("tileloadd tmm" + tile + "," + rows);
                code.storeTile(tile, register, other, offset);
                expected.add("tilestored " + rows + ",tmm" + tile);
            }
            code.multiplyTiles(tile, second, third);
            expected.add("tdpbf16ps tmm" + tile + ",tmm" + second + ",tmm" + third);
            code.load(register, other, offset);
            expected.add("mov " + name(register) + ",QWORD PTR " + place(other, offset));
            code.move(register, other);
            expected.add("mov " + name(register) + "," + name(other));
            code.move(register, offset);
            expected.add("mov " + name(register) + ",0x" + Integer.toHexString(offset));
            code.add(register, other);
            expected.add("add " + name(register) + "," + name(other));
            code.add(register, other, offset);
            expected.add("add " + name(register) + ",QWORD PTR " + place(other, offset));
            code.add(register, offset);
            expected.add("add " + name(register) + ",0x" + Integer.toHexString(offset));
            code.shiftLeft(register, 4);
            expected.add("shl " + name(register) + ",0x4");
            code.push(register);
            expected.add("push " + name(register));
            code.pop(register);
            expected.add("pop " + name(register));
            code.prefetch(register, offset);
            expected.add("prefetcht1 BYTE PTR " + place(register, offset));
            code.loop(register, 0);
            expected.add("dec " + name(register));
            expected.add("jne 0x0");
        }
        code.releaseTiles();
        expected.add("tilerelease");
        code.end();
        expected.add("ret");
        assertDisassembles(expected, code, directory.resolve("code"));
    }

    private static String place(Register base, int offset) {
        return "[" + name(base) + "+0x" + Integer.toHexString(offset) + "]";
    }

    private static String name(Register register) {
        return register.name().toLowerCase(Locale.ROOT);
    }

    private static void assertDisassembles(List<String> expected, Assembler code, Path file) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/objdump")), "objdump is not installed");
        Files.write(file, code.code());
        Process objdump = new ProcessBuilder(
                        "/usr/bin/objdump",
                        "-D",
                        "-b",
                        "binary",
                        "-m",
                        "i386:x86-64",
                        "-M",
                        "intel",
                        "--insn-width=16",
                        file.toString())
                .start();
        String text = new String(objdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, objdump.waitFor());
        assertEquals(
                String.join("\n", expected),
                text.lines()
                        .filter(line -> line.split("\t").length == 3)
                        .map(line -> line.split("\t")[2].strip().replaceAll(" +", " "))
                        .collect(Collectors.joining("\n")));
    }

    private static String hex(Assembler code) {
        return HexFormat.of().formatHex(code.code());
    }
}
