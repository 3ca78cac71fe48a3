package io.bridgetower.engine.bf16;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.bridgetower.engine.ProductPrecision;
import io.bridgetower.engine.code.MachineCode;
import io.bridgetower.engine.vector.Lanes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Chooses the kernel of products of bf16, once for the process. */
public final class Bf16Kernels {
    /** Names the system property that forces a kernel: {@code amx}, {@code avx512} or {@code vector}. */
    public static final String PROPERTY = "bridgetower.bf16Kernel";

    /** The units of processors that multiply bf16, the fastest first. */
    public enum Unit {
        /** Tiles of Intel's processors since 2023. */
        AMX("amx", "AMX-BF16", 16, "amx_tile", "amx_bf16"),
        /** Dot products of AMD's processors since 2022 and of some of Intel's. */
        AVX512("avx512", "AVX512-BF16", 2, "avx512f", "avx512_bf16"),
        /** None: the Vector API widens bf16 to floats. */
        VECTOR("vector", "the Vector API", 0.25);

        private final String option;
        private final String label;
        private final double rate;
        private final String[] flags;

        /** @param rate of multiply-adds, in that of floats */
        Unit(String option, String label, double rate, String... flags) {
            this.option = option;
            this.label = label;
            this.rate = rate;
            this.flags = flags;
        }

        /** As people know it, as in {@code AMX-BF16}. */
        public String label() {
            return label;
        }

        /** Why it cannot be used here; null if it can. */
        public String obstacle() {
            return OBSTACLES[ordinal()];
        }

        private String findObstacle() {
            if (this == VECTOR) return null;
            String obstacle = MachineCode.obstacle(flags);
            if (obstacle != null) return obstacle;
            if (Strips.COLUMNS != Strips.MAX_COLUMNS) return "vectors have " + Lanes.COUNT * Float.SIZE + " bits";
            if (this == AMX && !MachineCode.requestTiles()) return "the system does not permit tiles";
            return kernel(new Split(1, 1)) == null ? MachineCode.REFUSED : null;
        }

        /** Of products, in those of floats. */
        private double speed(ProductPrecision precision) {
            return precision == ProductPrecision.F32
                    ? 1
                    : rate / new Split(precision.parts(), precision.parts()).products();
        }

        /** A kernel of this unit; null if the system allows no executable memory. */
        Bf16Kernel kernel(Split split) {
            return switch (this) {
                case AMX -> TileKernel.of(split);
                case AVX512 -> DotProductKernel.of(split);
                case VECTOR -> new VectorKernel(split);
            };
        }
    }

    private static final String[] OBSTACLES =
            Arrays.stream(Unit.values()).map(Unit::findObstacle).toArray(String[]::new);

    /** The value of the property when this class was loaded; null if it was not set. */
    private static final String FORCED = System.getProperty(PROPERTY);

    private static final Unit UNIT = Arrays.stream(Unit.values())
            .filter(unit -> unit.obstacle() == null && (FORCED == null || FORCED.equals(unit.option)))
            .findFirst()
            .orElse(Unit.VECTOR);

    private static final AtomicBoolean LOGGED = new AtomicBoolean();

    private static final Map<Split, Bf16Kernel> KERNELS = new ConcurrentHashMap<>();

    private Bf16Kernels() {}

    /**
     * The kernel for a split.
     *
     * @throws IllegalArgumentException if the property has another value than the three
     * @throws IllegalStateException if the system allows no more executable memory than it has allowed so far
     */
    public static Bf16Kernel of(Split split) {
        if (FORCED != null && Arrays.stream(Unit.values()).noneMatch(unit -> unit.option.equals(FORCED))) {
            throw new IllegalArgumentException(PROPERTY + ": expected amx, avx512 or vector, found " + FORCED);
        }
        if (LOGGED.compareAndSet(false, true)) log();
        Bf16Kernel kernel = KERNELS.computeIfAbsent(split, UNIT::kernel);
        if (kernel == null) throw new IllegalStateException(MachineCode.REFUSED);
        return kernel;
    }

    /**
     * The fastest precision on this unit among those of which the stated error is allowed.
     *
     * @param maxError as {@link ProductPrecision#error}
     */
    public static ProductPrecision fastest(double maxError) {
        return Arrays.stream(ProductPrecision.values())
                .filter(precision -> precision.error() <= maxError)
                .max(Comparator.comparingDouble(UNIT::speed))
                .orElse(ProductPrecision.F32);
    }

    /** Which unit is used, and why not a faster one, as in {@code AVX512-BF16 (AMX-BF16: the processor has no amx_tile)}. */
    public static String report() {
        String faster = Arrays.stream(Unit.values())
                .filter(unit -> unit.ordinal() < UNIT.ordinal())
                .map(unit -> unit.label + ": " + reason(unit))
                .collect(Collectors.joining("; "));
        return UNIT.label + (faster.isEmpty() ? "" : " (" + faster + ")");
    }

    private static void log() {
        boolean isSlow = UNIT == Unit.VECTOR;
        System.getLogger(Bf16Kernels.class.getName())
                .log(
                        isSlow ? WARNING : INFO,
                        "products of bf16 by " + report() + (isSlow ? ", slower than products of 32 bits" : ""));
    }

    private static String reason(Unit unit) {
        return unit.obstacle() == null ? PROPERTY + " is " + FORCED : unit.obstacle();
    }
}
