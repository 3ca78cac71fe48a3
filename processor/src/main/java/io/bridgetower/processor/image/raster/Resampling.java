package io.bridgetower.processor.image.raster;

/** Pillow's resampling filters, under Pillow's numbers. */
public enum Resampling {
    /** The nearest source pixel. */
    NEAREST(0, 0) {
        @Override
        double weight(double x) {
            throw new UnsupportedOperationException("nearest has no filter kernel");
        }
    },
    /** A sinc windowed by a sinc of three lobes. */
    LANCZOS(1, 3) {
        @Override
        double weight(double x) {
            return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
        }
    },
    /** A triangle. */
    BILINEAR(2, 1) {
        @Override
        double weight(double x) {
            return Math.max(1 - Math.abs(x), 0);
        }
    },
    /** Keys's cubic with a = −0.5. */
    BICUBIC(3, 2) {
        @Override
        double weight(double signed) {
            double x = Math.abs(signed);
            if (x < 1) return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC_A : 0;
        }
    },
    /** The mean of the pixels covered. */
    BOX(4, 0.5) {
        @Override
        double weight(double x) {
            return -0.5 < x && x <= 0.5 ? 1 : 0;
        }
    },
    /** A sinc in a Hamming window of one lobe. */
    HAMMING(5, 1) {
        @Override
        double weight(double signed) {
            double x = Math.abs(signed);
            if (x == 0) return 1;
            // Pillow writes these two constants in single precision.
            return x < 1 ? sinc(x) * (0.54f + 0.46f * Math.cos(x * Math.PI)) : 0;
        }
    };

    private static final double CUBIC_A = -0.5;

    private final int code;
    private final double support;

    Resampling(int code, double support) {
        this.code = code;
        this.support = support;
    }

    /** Pillow's number of the filter, as in {@code "resample": 3}. */
    public int code() {
        return code;
    }

    /**
     * The filter of a number.
     *
     * @throws IllegalArgumentException if the number is not 0 to 5
     */
    public static Resampling ofCode(int code) {
        for (Resampling filter : values()) {
            if (filter.code == code) return filter;
        }
        throw new IllegalArgumentException("resample: expected a number from 0 to 5, found " + code);
    }

    /** The filter is zero beyond this distance, in source pixels when enlarging, in target pixels when shrinking. */
    double support() {
        return support;
    }

    abstract double weight(double x);

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
