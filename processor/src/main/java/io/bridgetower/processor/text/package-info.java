/** Texts to token ids and back. Begin with {@link io.bridgetower.processor.text.Tokenizer}. */
package io.bridgetower.processor.text;
