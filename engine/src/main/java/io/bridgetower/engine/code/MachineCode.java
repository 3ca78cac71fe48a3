package io.bridgetower.engine.code;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Set;

/**
 * Functions of machine code in memory that is written first and executable afterwards, never both.
 *
 * <p>They are called without a transition of the thread's state, so that the JVM cannot stop the thread meanwhile: a call
 * has to return within 100 µs.
 */
public final class MachineCode {
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

    /** A count and an address, as {@link VectorAssembler} has them. */
    private static final FunctionDescriptor COUNT_AND_ADDRESS =
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);

    private static final int READ = 1, WRITE = 2, EXECUTE = 4, PRIVATE = 2, ANONYMOUS = 0x20, NO_FILE = -1;
    private static final long FAILED = -1;

    private static final Set<String> FLAGS = ProcessorFlags.ofThisMachine();

    private MachineCode() {}

    /**
     * Why machine code with vectors of so many bits cannot run here; null if nothing is known against it.
     *
     * @param vectorBits any; machine code has 256 or 512
     */
    public static String obstacle(int vectorBits) {
        if (!System.getProperty("os.arch").equals("amd64")) return "the processor is not an x86-64";
        if (!System.getProperty("os.name").equals("Linux")) return "the system is not Linux";
        String flag = switch (vectorBits) {
            case 512 -> "avx512f";
            case 256 -> "fma";
            default -> null;
        };
        if (flag == null) return "vectors have " + vectorBits + " bits";
        if (!FLAGS.contains(flag)) return "the processor has no " + flag;
        Module module = MachineCode.class.getModule();
        if (module.isNativeAccessEnabled()) return null;
        return "Java runs without --enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }

    /**
     * Makes a function of a count and an address, a {@code (long, MemorySegment)void}. It stays until the JVM ends.
     *
     * @param code what {@link VectorAssembler} has written
     * @return null if the system refuses memory that is executable, as SELinux and seccomp may
     */
    public static MethodHandle function(byte[] code) {
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap = system(linker, "mmap", MMAP), mprotect = system(linker, "mprotect", MPROTECT);
        try {
            MemorySegment memory = (MemorySegment) mmap.invokeExact(
                    MemorySegment.NULL, (long) code.length, READ | WRITE, PRIVATE | ANONYMOUS, NO_FILE, 0L);
            if (memory.address() == FAILED) return null;
            memory = memory.reinterpret(code.length);
            MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
            if ((int) mprotect.invokeExact(memory, (long) code.length, READ | EXECUTE) != 0) return null;
            return linker.downcallHandle(memory, COUNT_AND_ADDRESS, Linker.Option.critical(false));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("calls of the system's library throw nothing", e);
        }
    }

    private static MethodHandle system(Linker linker, String name, FunctionDescriptor descriptor) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
