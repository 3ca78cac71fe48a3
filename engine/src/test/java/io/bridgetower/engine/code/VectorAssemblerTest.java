package io.bridgetower.engine.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorAssemblerTest {
    /** What GNU's assembler makes of the same lines. */
    @Test
    void codeIsThatOfAnAssembler() {
        VectorAssembler narrow = new VectorAssembler(256), wide = new VectorAssembler(512);
        for (VectorAssembler code : List.of(narrow, wide)) {
            code.broadcast(13, 4);
            code.multiplyAdd(9, 12, 13);
            code.store(3, 64);
            code.loop(9);
            code.end();
        }
        String end = "48ffcf0f85%sc5f877c3";
        assertEquals(
                "c4627d18ae04000000" + "c4421da8cd" + "c4e17c119e40000000" + end.formatted("e9ffffff"), hex(narrow));
        assertEquals(
                "62727d4818ae04000000" + "62521d48a8cd" + "62f17c48119e40000000" + end.formatted("e6ffffff"),
                hex(wide));
        assertThrows(IllegalArgumentException.class, () -> new VectorAssembler(128));
    }

    /** Every register in every place, as GNU's disassembler reads them. */
    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void aDisassemblerReadsWhatWasMeant(int bits, @TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/objdump")), "objdump is not installed");
        VectorAssembler code = new VectorAssembler(bits);
        List<String> expected = new ArrayList<>();
        String name = bits == 256 ? "ymm" : "zmm";
        int registers = bits == 256 ? 16 : 32;
        for (int i = 0; i < registers; i++) {
            int factor = (i * 7 + 3) % registers, addend = (i * 5 + 9) % registers;
            code.broadcast(i, 0x1000 + i);
            expected.add("vbroadcastss " + name + i + ",DWORD PTR [rsi+0x" + Integer.toHexString(0x1000 + i) + "]");
            code.store(i, 0x2000 + i);
            expected.add("vmovups " + (bits == 256 ? "YMM" : "ZMM") + "WORD PTR [rsi+0x"
                    + Integer.toHexString(0x2000 + i) + "]," + name + i);
            code.multiplyAdd(i, factor, addend);
            expected.add("vfmadd213ps " + name + i + "," + name + factor + "," + name + addend);
        }
        code.loop(0);
        expected.add("dec rdi");
        expected.add("jne 0x0");
        code.end();
        expected.add("vzeroupper");
        expected.add("ret");
        assertEquals(expected, disassemble(code, directory.resolve("code")));
    }

    private static List<String> disassemble(VectorAssembler code, Path file) throws Exception {
        Files.write(file, code.code());
        Process objdump = new ProcessBuilder(
                        "/usr/bin/objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", file.toString())
                .start();
        String text = new String(objdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, objdump.waitFor());
        return text.lines()
                .filter(line -> line.split("\t").length == 3)
                .map(line -> line.split("\t")[2].strip().replaceAll(" +", " "))
                .toList();
    }

    private static String hex(VectorAssembler code) {
        return HexFormat.of().formatHex(code.code());
    }
}
