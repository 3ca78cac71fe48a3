/** Decoders of image formats. {@code ImageDecoder} recognizes the format. */
package io.bridgetower.processor.image.codec;
