/**
 * Images to pixel values: decoding, Pillow-exact resizing, and the steps of Hugging Face's
 * {@code BridgeTowerImageProcessor}.
 */
package io.bridgetower.processor.image;
