/** The files of a tokenizer, in every layout that Transformers writes. */
package io.bridgetower.processor.text.files;
