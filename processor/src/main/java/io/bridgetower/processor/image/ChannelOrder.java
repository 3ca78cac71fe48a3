package io.bridgetower.processor.image;

/** Where the colour channels stand among the dimensions of the pixel values. */
public enum ChannelOrder {
    /** {@code [batch, 3, height, width]}, which the model takes. */
    CHANNELS_FIRST,
    /** {@code [batch, height, width, 3]}. */
    CHANNELS_LAST
}
