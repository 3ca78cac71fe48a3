/** What a call is given: texts, images, pairs, and which states to keep. */
package io.bridgetower.model.inputs;
