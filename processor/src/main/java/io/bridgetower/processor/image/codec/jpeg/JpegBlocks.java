package io.bridgetower.processor.image.codec.jpeg;

/** Decodes the blocks of one scan: a sequential one, or one of the four kinds of a progressive file. */
final class JpegBlocks {
    /** Zigzag order to row order; runs that pass the end of a damaged block fall on its last coefficient. */
    static final byte[] ZIGZAG = zigzag();

    private final JpegBits bits;
    private final boolean progressive;
    private final int first;
    private final int last;
    private final boolean refining;
    private final int low;
    private int endOfBandRun;

    JpegBlocks(JpegBits bits, JpegBand band) {
        this.bits = bits;
        this.progressive = band.progressive();
        this.first = band.first();
        this.last = band.last();
        this.refining = band.high() != 0;
        this.low = band.low();
    }

    private static byte[] zigzag() {
        byte[] order = new byte[64 + 32];
        int row = 0;
        int column = 0;
        for (int i = 0; i < 64; i++) {
            order[i] = (byte) (row * 8 + column);
            boolean up = (row + column) % 2 == 0;
            if (up ? column == 7 : row == 7) {
                if (up) row++;
                else column++;
            } else if (up ? row == 0 : column == 0) {
                if (up) column++;
                else row++;
            } else {
                row += up ? -1 : 1;
                column += up ? 1 : -1;
            }
        }
        for (int i = 64; i < order.length; i++) order[i] = 63;
        return order;
    }

    void restart() {
        endOfBandRun = 0;
    }

    /**
     * Decodes into 64 coefficients; the return value of a sequential block is that of {@link JpegBits#coefficients}.
     */
    int decode(JpegComponent component, short[] block, int from) {
        if (!progressive) {
            block[from] = (short) nextDc(component);
            return bits.coefficients(component.acTable, block, from);
        }
        if (first == 0) {
            if (refining) block[from] |= (short) (bits.read(1) << low);
            else block[from] = (short) (nextDc(component) << low);
        } else if (refining) {
            refine(component.acTable, block, from);
        } else {
            firstPass(component.acTable, block, from);
        }
        return 63;
    }

    private int nextDc(JpegComponent component) {
        int size = bits.symbol(component.dcTable) & 15;
        component.predictor += bits.signed(size);
        return component.predictor;
    }

    private void firstPass(JpegHuffman table, short[] block, int from) {
        if (endOfBandRun > 0) {
            endOfBandRun--;
            return;
        }
        for (int k = first; k <= last; k++) {
            int symbol = bits.symbol(table);
            int zeros = symbol >> 4;
            int size = symbol & 15;
            if (size == 0 && zeros != 15) {
                endOfBandRun = (1 << zeros) - 1 + bits.read(zeros);
                return;
            }
            k += zeros;
            if (size != 0) block[from + ZIGZAG[k]] = (short) (bits.signed(size) << low);
        }
    }

    private void refine(JpegHuffman table, short[] block, int from) {
        int k = first;
        while (endOfBandRun == 0 && k <= last) {
            int symbol = bits.symbol(table);
            int zeros = symbol >> 4;
            int fresh = 0;
            if ((symbol & 15) != 0) {
                fresh = bits.read(1) == 1 ? 1 << low : -1 << low;
            } else if (zeros != 15) {
                endOfBandRun = (1 << zeros) + bits.read(zeros);
                break;
            }
            k = skipZeros(block, from, k, zeros);
            if (fresh != 0) block[from + ZIGZAG[k]] = (short) fresh;
            k++;
        }
        if (endOfBandRun > 0) {
            skipZeros(block, from, k, Integer.MAX_VALUE);
            endOfBandRun--;
        }
    }

    /** Refines what is not zero on the way to the coefficient after {@code zeros} zeros, and says where that is. */
    private int skipZeros(short[] block, int from, int begin, int zeros) {
        int left = zeros;
        int k = begin;
        for (; k <= last; k++) {
            int at = from + ZIGZAG[k];
            if (block[at] == 0) {
                if (left-- == 0) break;
            } else if (bits.read(1) == 1 && (block[at] & 1 << low) == 0) {
                block[at] += (short) (block[at] > 0 ? 1 << low : -1 << low);
            }
        }
        return k;
    }
}
