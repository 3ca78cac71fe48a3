package io.bridgetower.processor.image.codec.jpeg;

import java.util.List;

/** The frame header of a JPEG file. */
record JpegFrame(
        int width, int height, boolean progressive, List<JpegComponent> components, int mostAcross, int mostDown) {
    public static JpegFrame of(int width, int height, boolean progressive, List<JpegComponent> components) {
        int mostAcross = components.stream().mapToInt(c -> c.across).max().orElseThrow();
        int mostDown = components.stream().mapToInt(c -> c.down).max().orElseThrow();
        JpegFrame frame = new JpegFrame(width, height, progressive, List.copyOf(components), mostAcross, mostDown);
        for (JpegComponent component : components) component.layOut(frame);
        return frame;
    }

    int mcusWide() {
        return Math.ceilDiv(width, mostAcross * JpegComponent.BLOCK);
    }

    int mcusHigh() {
        return Math.ceilDiv(height, mostDown * JpegComponent.BLOCK);
    }

    /** Whether all coefficients of all components are there. */
    boolean isComplete() {
        return components.stream().allMatch(component -> component.completed == -1L);
    }

    /** Blocks that have to be coded at the least, each with one bit or more. */
    long blocks() {
        long blocks = 0;
        for (JpegComponent component : components) blocks += (long) component.blocksWide * component.blocksHigh;
        return blocks;
    }
}
