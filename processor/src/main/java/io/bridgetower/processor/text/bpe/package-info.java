/** Byte-level byte-pair encoding: words, merges, vocabulary, added tokens. */
package io.bridgetower.processor.text.bpe;
