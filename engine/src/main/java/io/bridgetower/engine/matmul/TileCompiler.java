package io.bridgetower.engine.matmul;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;

import io.bridgetower.engine.vector.Lanes;
import io.bridgetower.engine.vector.Vectors;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Writes the micro-kernel for a given height and width and type of B.
 *
 * <p>The JIT compiler keeps accumulators in registers only if each is its own local variable, so a tile of 6 × 4
 * needs 24 variables and every other size other code. Here the tile is stated once, as a loop that emits those
 * variables, and one class per size and type comes out:
 *
 * <pre>{@code
 * c[r][v] = 0                                                for every row r and vector v
 * for (int i = 0; i < k; i += steps)
 *     for (int s = 0; s < steps; s++)                        written out
 *         if (i + s >= k) break                              before all steps but the first
 *         b[v] = load(stripe v of B, i + s)                  for every v
 *         if ((i ^ far) == number of the test) break         before some r; it never happens
 *         a = broadcast(A[r][i + s]);  c[r][v] = a.fma(b[v], c[r][v])    for every r and v
 * store(C, r, v, c[r][v] + load(D, r, v))                    for every r and v
 * }</pre>
 *
 * <p>A, C and D are arrays, not segments, because of HotSpot's C1 compiler: with a segment access in every row, it runs out
 * of virtual registers when it compiles a tile of 8 rows or more with profiling, having compiled it without before, and
 * the tile stays in that code, forty times slower than C2's, for ever.
 *
 * <p>The test that never holds cuts the loop into pieces between which C2 moves no loads, for {@link
 * FloatPanels#rowsLoadedTogether}. C2 does not know its outcome, for far is a variable, and each place makes another test:
 * it would leave out a second one that equals the first. (It also takes the test that ends an odd sum out of the loop.)
 * One register compared with constants is cheaper than i with a number of each test's own: those lie on the stack.
 */
public final class TileCompiler {
    private static final ClassDesc FLOAT_VECTOR = desc(FloatVector.class);
    private static final ClassDesc INT_VECTOR = desc(IntVector.class);
    private static final ClassDesc VECTOR = desc(Vector.class);
    private static final ClassDesc OPERATORS = desc(VectorOperators.class);
    private static final ClassDesc BINARY = desc(VectorOperators.Binary.class);
    private static final ClassDesc SPECIES = desc(VectorSpecies.class);
    private static final ClassDesc SEGMENT = desc(MemorySegment.class);
    private static final String SPECIES_FIELD = "SPECIES_" + Lanes.F32.vectorBitSize();
    private static final ClassDesc FLOATS = CD_float.arrayType();

    private static final MethodTypeDesc RUN = MethodTypeDesc.of(
            CD_void, FLOATS, CD_int, CD_int, FLOATS, CD_int, SEGMENT, CD_long, CD_long, CD_int, FLOATS, CD_int, CD_int);
    private static final MethodTypeDesc LOAD = MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int);
    private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float);
    private static final MethodTypeDesc ZERO = MethodTypeDesc.of(FLOAT_VECTOR, SPECIES);
    private static final MethodTypeDesc ADD = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR);
    private static final MethodTypeDesc FMA = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR);
    private static final MethodTypeDesc STORE = MethodTypeDesc.of(CD_void, FLOATS, CD_int);

    // Slots of Tile.run's parameters; a long takes two.
    private static final int D = 1, D_OFFSET = 2, D_STRIDE = 3, A = 4, A_OFFSET = 5, B = 6, B_OFFSET = 7, STRIPE = 9;
    private static final int K = 11, C = 12, C_OFFSET = 13, C_STRIDE = 14;
    // Slots of the variables.
    private static final int I = 15,
            FAR = 16,
            FAR_I = 17,
            A_ELEMENT = 18,
            START = 19,
            B_ROW = START + TileShape.VECTORS,
            SUMS = B_ROW + TileShape.VECTORS;

    /** Beyond any length of a sum; read by the tiles, and not final, so that the JIT compiler does not count on it. */
    static int far = 1 << 30;

    private static final Tile[] FULL = new Tile[FloatPanels.values().length];
    private static final Tile[] PART = new Tile[FULL.length];

    static {
        for (FloatPanels format : FloatPanels.values()) {
            FULL[format.ordinal()] = compile(format, TileShape.MAX_ROWS);
            PART[format.ordinal()] = compile(format, TileShape.PART_ROWS);
        }
    }

    private TileCompiler() {}

    /**
     * The micro-kernel.
     *
     * @param format of B
     * @param height {@link TileShape#MAX_ROWS} or {@link TileShape#PART_ROWS}
     */
    public static Tile tile(FloatPanels format, int height) {
        return (height == TileShape.MAX_ROWS ? FULL : PART)[format.ordinal()];
    }

    private static Tile compile(FloatPanels format, int rows) {
        ClassDesc name = ClassDesc.of(Tile.class.getPackageName(), "Tile" + rows + "x" + TileShape.VECTORS + format);
        byte[] bytes = ClassFile.of().build(name, type -> {
            type.withFlags(ClassFile.ACC_FINAL).withInterfaceSymbols(desc(Tile.class));
            type.withMethodBody(
                    "<init>",
                    MTD_void,
                    0,
                    code -> code.aload(0)
                            .invokespecial(CD_Object, "<init>", MTD_void)
                            .return_());
            type.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, code -> emitRun(code, format, rows));
        });
        try {
            var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
            return (Tile) lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Throwable e) {
            throw new AssertionError("the generated tile of " + rows + " rows does not load", e);
        }
    }

    private static void emitRun(CodeBuilder code, FloatPanels format, int rows) {
        code.getstatic(FLOAT_VECTOR, SPECIES_FIELD, SPECIES).invokestatic(FLOAT_VECTOR, "zero", ZERO);
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < TileShape.VECTORS; v++) code.dup().astore(sum(r, v));
        }
        code.pop();
        Label loop = code.newLabel(), end = code.newLabel();
        for (int stripe = 2; stripe < TileShape.VECTORS; stripe += 2) {
            code.lload(B_OFFSET)
                    .lload(STRIPE)
                    .loadConstant((long) stripe)
                    .lmul()
                    .ladd()
                    .lstore(start(stripe));
        }
        code.getstatic(desc(TileCompiler.class), "far", CD_int).istore(FAR);
        code.iconst_0().istore(I);
        code.labelBinding(loop).iload(I).iload(K).if_icmpge(end);
        code.iload(I).iload(FAR).ixor().istore(FAR_I);
        int steps = format.steps();
        for (int step = 0; step < steps; step++) {
            if (step > 0) code.iload(I).loadConstant(step).iadd().iload(K).if_icmpge(end);
            emitStep(code, format, rows, step, end);
        }
        code.iinc(I, steps).goto_(loop);
        code.labelBinding(end);
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < TileShape.VECTORS; v++) {
                code.aload(sum(r, v));
                code.getstatic(FLOAT_VECTOR, SPECIES_FIELD, SPECIES).aload(D).iload(D_OFFSET);
                code.loadConstant(v * Lanes.COUNT).iadd().invokestatic(FLOAT_VECTOR, "fromArray", LOAD);
                code.invokevirtual(FLOAT_VECTOR, "add", ADD).aload(C).iload(C_OFFSET);
                code.loadConstant(v * Lanes.COUNT).iadd().invokevirtual(FLOAT_VECTOR, "intoArray", STORE);
            }
            code.iload(D_OFFSET).iload(D_STRIDE).iadd().istore(D_OFFSET);
            code.iload(C_OFFSET).iload(C_STRIDE).iadd().istore(C_OFFSET);
        }
        code.return_();
    }

    private static void emitStep(CodeBuilder code, FloatPanels format, int rows, int step, Label end) {
        switch (format) {
            case F32 -> {
                for (int v = 0; v < TileShape.VECTORS; v++) {
                    emitLoad(code, "load", FLOAT_VECTOR, step, v);
                    code.astore(B_ROW + v);
                }
            }
            case BF16 -> emitPairs(code, step);
        }
        int together = format.rowsLoadedTogether(rows);
        for (int r = 0; r < rows; r++) {
            if (r + step > 0 && r % together == 0) {
                code.iload(FAR_I).loadConstant(step * rows + r).if_icmpeq(end);
            }
            code.getstatic(FLOAT_VECTOR, SPECIES_FIELD, SPECIES);
            code.aload(A)
                    .iload(A_OFFSET)
                    .iload(I)
                    .iadd()
                    .loadConstant(r * TileShape.PITCH + step)
                    .iadd()
                    .faload();
            code.invokestatic(FLOAT_VECTOR, "broadcast", BROADCAST).astore(A_ELEMENT);
            for (int v = 0; v < TileShape.VECTORS; v++) {
                code.aload(A_ELEMENT).aload(B_ROW + v).aload(sum(r, v));
                code.invokevirtual(FLOAT_VECTOR, "fma", FMA).astore(sum(r, v));
            }
        }
    }

    /** Loads the vector of a stripe for a step, with a method of {@link Vectors}. */
    private static void emitLoad(CodeBuilder code, String method, ClassDesc vector, int step, int stripe) {
        code.aload(B).lload(start(stripe));
        if (stripe % 2 == 1) code.lload(STRIPE).ladd();
        code.iload(I).i2l().loadConstant((long) Lanes.BYTES).lmul().ladd();
        if (step > 0) code.loadConstant((long) step * Lanes.BYTES).ladd();
        code.invokestatic(desc(Vectors.class), method, MethodTypeDesc.of(vector, SEGMENT, CD_long));
    }

    /** Loads vectors of {@code Panels}' pairs of 16 bits: a shift leaves the first of each as a float, a mask the second. */
    private static void emitPairs(CodeBuilder code, int step) {
        int half = TileShape.VECTORS / 2;
        for (int v = 0; v < half; v++) {
            int low = B_ROW + v, high = B_ROW + half + v;
            emitLoad(code, "loadInts", INT_VECTOR, step, v);
            code.astore(high);
            code.aload(high)
                    .getstatic(OPERATORS, "LSHL", BINARY)
                    .loadConstant(Short.SIZE)
                    .invokevirtual(INT_VECTOR, "lanewise", MethodTypeDesc.of(INT_VECTOR, BINARY, CD_int))
                    .invokevirtual(VECTOR, "reinterpretAsFloats", MethodTypeDesc.of(FLOAT_VECTOR))
                    .astore(low);
            code.aload(high)
                    .loadConstant(-1 << Short.SIZE)
                    .invokevirtual(INT_VECTOR, "and", MethodTypeDesc.of(INT_VECTOR, CD_int))
                    .invokevirtual(VECTOR, "reinterpretAsFloats", MethodTypeDesc.of(FLOAT_VECTOR))
                    .astore(high);
        }
    }

    /**
     * Slot of the variable that says where a stripe starts, or, for every second one, where the one before it does. The form
     * of these sums decides where C2 keeps addresses: with a variable for every stripe, or with none, it moved that of A
     * through a vector register in every step of a tile of 5 rows, as it does without {@link FloatPanels#rowsLoadedTogether}.
     */
    private static int start(int stripe) {
        return stripe < 2 ? B_OFFSET : START + stripe / 2 * 2 - 2;
    }

    private static int sum(int row, int vector) {
        return SUMS + row * TileShape.VECTORS + vector;
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
