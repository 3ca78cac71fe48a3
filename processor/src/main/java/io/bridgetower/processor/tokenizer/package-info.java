/** The tokenizer's inner parts: its files, added tokens, words, and byte-pair encoding. */
package io.bridgetower.processor.tokenizer;
