package io.bridgetower.processor.image.codec.jpeg;

import java.util.Arrays;
import java.util.List;

/** The order of the blocks in one scan of a JPEG file. */
final class JpegScan {
    private static final int COEFFICIENTS = JpegComponent.COEFFICIENTS;

    private final JpegFrame frame;
    private final List<JpegComponent> components;
    private final JpegBits bits;
    private final JpegBlocks decoder;
    private final int restartInterval;
    private final short[] block = new short[COEFFICIENTS];
    private final int[] workspace = new int[COEFFICIENTS];
    private int untilRestart;
    private boolean lost;
    private boolean whole = true;
    private boolean discard;

    JpegScan(JpegFrame frame, List<JpegComponent> components, JpegBits bits, JpegBand band, int restartInterval) {
        this.frame = frame;
        this.components = components;
        this.bits = bits;
        this.decoder = new JpegBlocks(bits, band);
        this.restartInterval = restartInterval;
    }

    /** Decodes all blocks into their components and returns whether the bits of all of them were there. */
    boolean decode() {
        for (JpegComponent component : components) component.predictor = 0;
        untilRestart = restartInterval;
        if (components.size() == 1) decodeAlone(components.getFirst());
        else decodeInterleaved();
        return whole && !bits.exhausted();
    }

    /** As {@link #decode}, but keeps nothing: for components without memory. */
    boolean check() {
        discard = true;
        return decode();
    }

    /** The blocks of one component, without those that only fill up its last MCUs. */
    private void decodeAlone(JpegComponent component) {
        for (int row = 0; row < component.blocksHigh; row++) {
            for (int column = 0; column < component.blocksWide; column++) {
                beginMcu();
                decodeBlock(component, row, column);
            }
        }
    }

    private void decodeInterleaved() {
        for (int row = 0; row < frame.mcusHigh(); row++) {
            for (int column = 0; column < frame.mcusWide(); column++) {
                beginMcu();
                for (JpegComponent component : components) {
                    for (int i = 0; i < component.down; i++) {
                        for (int j = 0; j < component.across; j++) {
                            decodeBlock(component, row * component.down + i, column * component.across + j);
                        }
                    }
                }
            }
        }
    }

    private void beginMcu() {
        if (restartInterval != 0 && untilRestart-- == 0) {
            untilRestart = restartInterval - 1;
            lost = !bits.restart();
            decoder.restart();
            for (JpegComponent component : components) component.predictor = 0;
        }
        // What a marker cut off stays grey, as with libjpeg.
        lost |= bits.exhausted();
        whole &= !lost;
    }

    private void decodeBlock(JpegComponent component, int row, int column) {
        if (component.coefficients != null) {
            int from = (row * component.storedWide + column) * COEFFICIENTS;
            if (!lost) decoder.decode(component, component.coefficients, from);
            return;
        }
        Arrays.fill(block, (short) 0);
        int last = lost ? 0 : decoder.decode(component, block, 0);
        if (!discard) component.transform(block, 0, last, row, column, workspace);
    }
}
