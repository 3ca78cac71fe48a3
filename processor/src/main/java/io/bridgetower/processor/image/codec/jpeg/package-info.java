/** A JPEG decoder that gives the bytes of libjpeg-turbo. */
package io.bridgetower.processor.image.codec.jpeg;
