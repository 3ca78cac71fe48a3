package io.bridgetower.model.inputs;

import io.bridgetower.model.checkpoint.tensor.DType;

/** How wide the numbers of an encoding are kept. Computations widen them to 32 bits. */
public enum EncodingPrecision {
    /** 32-bit floats, as they were computed: scores have the same bits as without encodings. */
    F32(DType.F32),
    /**
     * 16-bit IEEE floats, rounded to the nearest, in half the memory. A finite number beyond ±65504 becomes the
     * nearest that there is; infinities and NaN stay what they are. With the demo model, no probability of a match changes by more than 0.0001, no logit by more than 0.001.
     */
    F16(DType.F16);

    private final DType dtype;

    EncodingPrecision(DType dtype) {
        this.dtype = dtype;
    }

    public DType dtype() {
        return dtype;
    }

    /** Bytes of one number. */
    public int bytes() {
        return dtype.bits() / Byte.SIZE;
    }
}
