package io.bridgetower.processor.image.codec.jpeg;

/** One colour plane of a JPEG file: its geometry, its tables, and its samples as they are decoded. */
public final class JpegComponent {
    static final int BLOCK = 8;
    public static final int COEFFICIENTS = 64;

    /** Vectors may read this many bytes past the last sample. */
    static final int SLACK = 64;

    final int id;
    /** Samples across and down in an MCU, in blocks. */
    final int across;

    final int down;
    final int quantizer;

    /** Samples that the image has. */
    int width;

    int height;
    /** Blocks that hold them. */
    int blocksWide;

    int blocksHigh;
    /** Blocks stored, whole MCUs of them. */
    int storedWide;

    int storedHigh;

    JpegHuffman dcTable;
    JpegHuffman acTable;
    int predictor;
    /** The quantization of the first scan, in row order; null before. */
    int[] quantization;

    /** The coefficients of which whole scans have brought all bits, a bit for each. */
    long completed;

    byte[] samples;
    /** Coefficients of all blocks, if they are spread over several scans; else null. */
    short[] coefficients;

    JpegComponent(int id, int across, int down, int quantizer) {
        this.id = id;
        this.across = across;
        this.down = down;
        this.quantizer = quantizer;
    }

    void layOut(JpegFrame frame) {
        width = Math.ceilDiv(frame.width() * across, frame.mostAcross());
        height = Math.ceilDiv(frame.height() * down, frame.mostDown());
        blocksWide = Math.ceilDiv(width, BLOCK);
        blocksHigh = Math.ceilDiv(height, BLOCK);
        storedWide = frame.mcusWide() * across;
        storedHigh = frame.mcusHigh() * down;
    }

    /** Sets memory aside for the samples or, if {@code buffered}, for the coefficients. */
    void allocate(boolean buffered) {
        if (buffered) coefficients = new short[size()];
        else allocateSamples();
    }

    private void allocateSamples() {
        samples = new byte[Math.addExact(size(), SLACK)];
    }

    private int size() {
        return Math.multiplyExact(Math.multiplyExact(storedWide, storedHigh), COEFFICIENTS);
    }

    int stride() {
        return storedWide * BLOCK;
    }

    /** Turns one block of coefficients into samples. */
    void transform(short[] block, int from, int last, int row, int column, int[] workspace) {
        int to = (row * stride() + column) * BLOCK;
        JpegIdct.transform(block, from, last, quantization, workspace, samples, to, stride());
    }

    /** Turns all coefficients into samples, which are 0 if there was no scan of this component. */
    void transformAll() {
        if (coefficients == null) return;
        allocateSamples();
        int[] workspace = new int[COEFFICIENTS];
        for (int row = 0; row < blocksHigh && quantization != null; row++) {
            for (int column = 0; column < blocksWide; column++) {
                int from = (row * storedWide + column) * COEFFICIENTS;
                transform(coefficients, from, JpegIdct.last(coefficients, from), row, column, workspace);
            }
        }
        coefficients = null;
    }
}
