package io.bridgetower.engine.code;

import java.io.ByteArrayOutputStream;

/**
 * Writes x86-64 code: the few instructions that kernels need, encoded as in Intel's Software Developer's Manual, volume 2.
 * Vectors have 256 bits (VEX, registers 0 to 15) or 512 bits (EVEX, registers 0 to 31), tiles the numbers 0 to 7.
 *
 * <p>A place in memory is a general register and an offset in bytes. It needs no alignment.
 */
public final class Assembler {
    /** A general register, in the order of its number. */
    public enum Register {
        RAX,
        RCX,
        RDX,
        RBX,
        RSP,
        RBP,
        RSI,
        RDI,
        R8,
        R9,
        R10,
        R11,
        R12,
        R13,
        R14,
        R15;

        /** The lower three bits of the number, which ModR/M has room for. */
        private int low() {
            return ordinal() & 7;
        }

        /** The fourth bit, which stands in a prefix. */
        private int high() {
            return ordinal() >> 3;
        }
    }

    private static final int BITS_256 = 256, BITS_512 = 512;

    /** ModR/M: memory at a register plus 32 bits; two registers. */
    private static final int IN_MEMORY = 0x80, OF_REGISTERS = 0xC0;

    /** In place of a register: a byte (SIB) follows. With this byte, there is a base alone. */
    private static final int SIB = 4, NO_INDEX = 4 << 3;

    /** Opcode maps, as both prefixes number them. */
    private static final int MAP_0F = 1, MAP_0F38 = 2;

    /** Prefixes that belong to opcodes, as both prefixes number them. */
    private static final int NONE = 0, PREFIX_66 = 1, PREFIX_F3 = 2, PREFIX_F2 = 3;

    private static final int VBROADCASTSS = 0x18, VMOVUPS_LOAD = 0x10, VMOVUPS_STORE = 0x11;
    private static final int VFMADD213PS = 0xA8, VDPBF16PS = 0x52;
    private static final int TILE_CONFIGURATION = 0x49, TILE_MEMORY = 0x4B, TDPBF16PS = 0x5C;
    private static final int REX_W = 0x48;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final boolean isWide;

    /** @throws IllegalArgumentException if the vectors have neither 256 nor 512 bits */
    public Assembler(int vectorBits) {
        if (vectorBits != BITS_256 && vectorBits != BITS_512) {
            throw new IllegalArgumentException("vector bits: expected 256 or 512, found " + vectorBits);
        }
        isWide = vectorBits == BITS_512;
    }

    /** {@code vbroadcastss}: the 32 bits of memory to all lanes. */
    public void broadcast(int vector, Register base, int offset) {
        vectorMemory(MAP_0F38, PREFIX_66, VBROADCASTSS, vector, base, offset);
    }

    /** {@code vmovups}: memory to a vector. */
    public void load(int vector, Register base, int offset) {
        vectorMemory(MAP_0F, NONE, VMOVUPS_LOAD, vector, base, offset);
    }

    /** {@code vmovups}: a vector to memory. */
    public void store(int vector, Register base, int offset) {
        vectorMemory(MAP_0F, NONE, VMOVUPS_STORE, vector, base, offset);
    }

    /** {@code vfmadd213ps}: {@code vector = factor * vector + addend}. */
    public void multiplyAdd(int vector, int factor, int addend) {
        vectorPrefix(MAP_0F38, PREFIX_66, vector, factor, addend);
        bytes(VFMADD213PS, OF_REGISTERS | (vector & 7) << 3 | addend & 7);
    }

    /** {@code vdpbf16ps}: to each 32 bits of {@code sum}, the dot product of those of a and b as two bf16 each. */
    public void dotProduct(int sum, int a, int b) {
        vectorPrefix(MAP_0F38, PREFIX_F3, sum, a, b);
        bytes(VDPBF16PS, OF_REGISTERS | (sum & 7) << 3 | b & 7);
    }

    /** {@code vzeroupper}. */
    public void clearUpperHalves() {
        bytes(0xC5, 0xF8, 0x77);
    }

    /** {@code ldtilecfg}: takes the shapes of the tiles from 64 bytes of memory. */
    public void configureTiles(Register base, int offset) {
        tilePrefix(NONE, 0, 0, base.high());
        bytes(TILE_CONFIGURATION);
        memory(0, base, offset);
    }

    /** {@code tilerelease}: leaves the tiles without shapes and contents. */
    public void releaseTiles() {
        tilePrefix(NONE, 0, 0, 0);
        bytes(TILE_CONFIGURATION, OF_REGISTERS);
    }

    /** {@code tileloadd}: rows of memory, {@code stride} bytes apart, to a tile. */
    public void loadTile(int tile, Register base, Register stride, int offset) {
        tileMemory(PREFIX_F2, tile, base, stride, offset);
    }

    /** {@code tilestored}: a tile to rows of memory, {@code stride} bytes apart. */
    public void storeTile(int tile, Register base, Register stride, int offset) {
        tileMemory(PREFIX_F3, tile, base, stride, offset);
    }

    /** {@code tdpbf16ps}: {@code sum += a * b}, where each 32 bits of a and b are two bf16. */
    public void multiplyTiles(int sum, int a, int b) {
        tilePrefix(PREFIX_F3, b, 0, 0);
        bytes(TDPBF16PS, OF_REGISTERS | sum << 3 | a);
    }

    /** {@code mov}: 64 bits of memory to a register. */
    public void load(Register to, Register base, int offset) {
        general(0x8B, to, base);
        memory(to.low(), base, offset);
    }

    /** {@code mov}: a register to another. */
    public void move(Register to, Register from) {
        registers(0x89, from, to);
    }

    /** {@code mov}: a number to a register. */
    public void move(Register to, int value) {
        bytes(REX_W | to.high(), 0xC7, OF_REGISTERS | to.low());
        int32(value);
    }

    /** {@code add}: {@code to += addend}. */
    public void add(Register to, Register addend) {
        registers(0x01, addend, to);
    }

    /** {@code add}: 64 bits of memory to a register. */
    public void add(Register to, Register base, int offset) {
        general(0x03, to, base);
        memory(to.low(), base, offset);
    }

    /** {@code add}: a number to a register. */
    public void add(Register to, int value) {
        bytes(REX_W | to.high(), 0x81, OF_REGISTERS | to.low());
        int32(value);
    }

    /** {@code shl}: shifts a register to the left. */
    public void shiftLeft(Register register, int bits) {
        bytes(REX_W | register.high(), 0xC1, OF_REGISTERS | 4 << 3 | register.low(), bits);
    }

    /** {@code push}. */
    public void push(Register register) {
        if (register.high() != 0) bytes(0x41);
        bytes(0x50 | register.low());
    }

    /** {@code pop}. */
    public void pop(Register register) {
        if (register.high() != 0) bytes(0x41);
        bytes(0x58 | register.low());
    }

    /** {@code prefetcht1}: brings a cache line near, to the second-level cache. */
    public void prefetch(Register base, int offset) {
        if (base.high() != 0) bytes(0x41);
        bytes(0x0F, 0x18);
        memory(2, base, offset);
    }

    /** Where the next instruction will be, in bytes from the start. */
    public int position() {
        return code.size();
    }

    /** {@code dec; jnz}: takes one from the count and goes to {@code start} unless none is left. */
    public void loop(Register count, int start) {
        bytes(REX_W | count.high(), 0xFF, OF_REGISTERS | 1 << 3 | count.low());
        bytes(0x0F, 0x85);
        int32(start - (position() + Integer.BYTES));
    }

    /** {@code ret}. */
    public void end() {
        bytes(0xC3);
    }

    /** A copy of what was written so far. */
    public byte[] code() {
        return code.toByteArray();
    }

    private void general(int opcode, Register register, Register base) {
        bytes(REX_W | register.high() << 2 | base.high(), opcode);
    }

    private void registers(int opcode, Register register, Register other) {
        general(opcode, register, other);
        bytes(OF_REGISTERS | register.low() << 3 | other.low());
    }

    private void memory(int register, Register base, int offset) {
        bytes(IN_MEMORY | register << 3 | base.low());
        if (base.low() == SIB) bytes(NO_INDEX | SIB);
        int32(offset);
    }

    private void tileMemory(int prefix, int tile, Register base, Register stride, int offset) {
        tilePrefix(prefix, 0, stride.high(), base.high());
        bytes(TILE_MEMORY, IN_MEMORY | tile << 3 | SIB, stride.low() << 3 | base.low());
        int32(offset);
    }

    private void tilePrefix(int prefix, int second, int index, int base) {
        bytes(0xC4, 0x80 | (index ^ 1) << 6 | (base ^ 1) << 5 | MAP_0F38, (~second & 15) << 3 | prefix);
    }

    private void vectorMemory(int map, int prefix, int opcode, int vector, Register base, int offset) {
        vectorPrefix(map, prefix, vector, 0, base.ordinal());
        bytes(opcode);
        memory(vector & 7, base, offset);
    }

    /** The fields of both prefixes that hold register numbers are inverted; a register that is not used counts as 0. */
    private void vectorPrefix(int map, int prefix, int register, int second, int third) {
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
