package io.bridgetower.engine.code;

import java.io.ByteArrayOutputStream;

/**
 * Writes x86-64 code with vectors of 256 bits (VEX, registers 0 to 15) or 512 bits (EVEX, registers 0 to 31): the few
 * instructions that are needed, encoded as in Intel's Software Developer's Manual, volume 2. Functions have two arguments by
 * the System V convention: a count in {@code rdi} and an address in {@code rsi}. They change no other general register.
 */
public final class VectorAssembler {
    private static final int BITS_256 = 256, BITS_512 = 512;

    /** ModR/M: a register and memory at {@code rsi} plus 32 bits. */
    private static final int AT_RSI = 0x86;

    /** ModR/M: two registers. */
    private static final int OF_REGISTERS = 0xC0;

    /** Opcode maps, as both prefixes number them. */
    private static final int MAP_0F = 1, MAP_0F38 = 2;

    /** Prefixes that belong to opcodes, as both prefixes number them. */
    private static final int NONE = 0, PREFIX_66 = 1;

    private static final int VBROADCASTSS = 0x18, VMOVUPS_STORE = 0x11, VFMADD213PS = 0xA8;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final boolean isWide;

    /** @throws IllegalArgumentException if the vectors have neither 256 nor 512 bits */
    public VectorAssembler(int vectorBits) {
        if (vectorBits != BITS_256 && vectorBits != BITS_512) {
            throw new IllegalArgumentException("vector bits: expected 256 or 512, found " + vectorBits);
        }
        isWide = vectorBits == BITS_512;
    }

    /** {@code vbroadcastss}: the float at {@code rsi + offset} to all lanes. */
    public void broadcast(int register, int offset) {
        memory(MAP_0F38, PREFIX_66, VBROADCASTSS, register, offset);
    }

    /** {@code vmovups}: a register to memory at {@code rsi + offset}, which needs no alignment. */
    public void store(int register, int offset) {
        memory(MAP_0F, NONE, VMOVUPS_STORE, register, offset);
    }

    /** {@code vfmadd213ps}: {@code register = factor * register + addend}. */
    public void multiplyAdd(int register, int factor, int addend) {
        prefix(MAP_0F38, PREFIX_66, register, factor, addend);
        bytes(VFMADD213PS, OF_REGISTERS | (register & 7) << 3 | addend & 7);
    }

    /** Where the next instruction will be, in bytes from the start. */
    public int position() {
        return code.size();
    }

    /** {@code dec rdi; jnz}: takes one from the count and goes to {@code start} unless none is left. */
    public void loop(int start) {
        bytes(0x48, 0xFF, 0xCF);
        bytes(0x0F, 0x85);
        int32(start - (position() + Integer.BYTES));
    }

    /** {@code vzeroupper; ret}. */
    public void end() {
        bytes(0xC5, 0xF8, 0x77, 0xC3);
    }

    /** A copy of what was written so far. */
    public byte[] code() {
        return code.toByteArray();
    }

    private void memory(int map, int prefix, int opcode, int register, int offset) {
        prefix(map, prefix, register, 0, 0);
        bytes(opcode, AT_RSI | (register & 7) << 3);
        int32(offset);
    }

    /** The fields of both prefixes that hold register numbers are inverted; a register that is not used counts as 0. */
    private void prefix(int map, int prefix, int register, int second, int third) {
        if (isWide) {
            int first =
                    inverted(register, 3, 7) | inverted(third, 4, 6) | inverted(third, 3, 5) | inverted(register, 4, 4);
            bytes(0x62, first | map, (~second & 15) << 3 | 4 | prefix, 0x40 | inverted(second, 4, 3));
        } else {
            int first = inverted(register, 3, 7) | 0x40 | inverted(third, 3, 5);
            bytes(0xC4, first | map, (~second & 15) << 3 | 4 | prefix);
        }
    }

    /** The opposite of a bit of a register number, moved to another place. */
    private static int inverted(int register, int bit, int place) {
        return (~register >> bit & 1) << place;
    }

    private void bytes(int... values) {
        for (int value : values) code.write(value);
    }

    private void int32(int value) {
        bytes(value, value >> 8, value >> 16, value >> 24);
    }
}
