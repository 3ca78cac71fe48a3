package io.bridgetower.engine.code;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Set;

/**
 * Machine code in memory that is written first and executable afterwards, never both.
 *
 * <p>It is called without a transition of the thread's state, so that the JVM cannot stop the thread meanwhile: a call has to
 * return within 100 µs.
 */
public final class MachineCode {
    /** Says that {@link #place} returned null. */
    public static final String REFUSED = "the system allows no memory to be made executable";

    private static final FunctionDescriptor MMAP = FunctionDescriptor.of(
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG);
    private static final FunctionDescriptor MPROTECT = FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
    private static final FunctionDescriptor SYSCALL = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    private static final int READ = 1, WRITE = 2, EXECUTE = 4, PRIVATE = 2, ANONYMOUS = 0x20, NO_FILE = -1;
    private static final long FAILED = -1;

    /** {@code arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA)} of Linux on x86-64. */
    private static final long ARCH_PRCTL = 158, REQUEST_PERMISSION = 0x1023, TILE_DATA = 18;

    private static final Set<String> FLAGS = ProcessorFlags.ofThisMachine();

    private MachineCode() {}

    /**
     * Why machine code cannot run here; null if nothing is known against it.
     *
     * @param flags what the processor has to have, by the names of Linux, as in {@code avx512f}
     */
    public static String obstacle(String... flags) {
        if (!System.getProperty("os.arch").equals("amd64")) return "the processor is not an x86-64";
        if (!System.getProperty("os.name").equals("Linux")) return "the system is not Linux";
        for (String flag : flags) {
            if (!FLAGS.contains(flag)) return "the processor has no " + flag;
        }
        Module module = MachineCode.class.getModule();
        if (module.isNativeAccessEnabled()) return null;
        return "Java runs without --enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }

    /**
     * Places code in memory, from where it can be called until the JVM ends.
     *
     * @param code what {@link Assembler} has written
     * @return where it is; null if the system refuses memory that is executable, as SELinux and seccomp may
     */
    public static MemorySegment place(byte[] code) {
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap = system(linker, "mmap", MMAP), mprotect = system(linker, "mprotect", MPROTECT);
        try {
            MemorySegment memory = (MemorySegment) mmap.invokeExact(
                    MemorySegment.NULL, (long) code.length, READ | WRITE, PRIVATE | ANONYMOUS, NO_FILE, 0L);
            if (memory.address() == FAILED) return null;
            memory = memory.reinterpret(code.length);
            MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
            if ((int) mprotect.invokeExact(memory, (long) code.length, READ | EXECUTE) != 0) return null;
            return memory;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * A handle that calls code: its first parameter is where the code was {@linkplain #place placed}, the others are those of
     * the descriptor. Segments may be arrays.
     */
    public static MethodHandle caller(FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(descriptor, Linker.Option.critical(true));
    }

    /** Asks the system to let this process use tiles, which it has to before the first; returns whether it does. */
    public static boolean requestTiles() {
        Linker linker = Linker.nativeLinker();
        MethodHandle syscall = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"), SYSCALL, Linker.Option.firstVariadicArg(1));
        try {
            return (long) syscall.invokeExact(ARCH_PRCTL, REQUEST_PERMISSION, TILE_DATA) == 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** What a call of the system's library, or of code, threw: no exception of its own. */
    public static Error unexpected(Throwable e) {
        if (e instanceof RuntimeException exception) throw exception;
        if (e instanceof Error error) throw error;
        throw new AssertionError("machine code throws nothing", e);
    }

    private static MethodHandle system(Linker linker, String name, FunctionDescriptor descriptor) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
