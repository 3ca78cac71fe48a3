package io.bridgetower.processor.image.codec.jpeg;

/**
 * Which bits of which coefficients a scan brings. A sequential scan brings all of them.
 *
 * @param first first coefficient, in zigzag order
 * @param last last coefficient
 * @param high lowest bit that the scans before have brought, 0 if this is the first one
 * @param low lowest bit that this scan brings
 */
record JpegBand(boolean progressive, int first, int last, int high, int low) {
    /** The coefficients that this scan completes, a bit for each. */
    long completed() {
        if (!progressive) return -1L;
        return low == 0 ? -1L << first & -1L >>> JpegComponent.COEFFICIENTS - 1 - last : 0;
    }
}
