/**
 * What turns texts and images into what the model reads. {@link io.bridgetower.processor.text.Tokenizer} is the way in for
 * texts.
 */
package io.bridgetower.processor;
