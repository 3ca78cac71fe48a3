/** What a call returns. Outputs own memory off the heap and are closed by the caller. */
package io.bridgetower.model.outputs;
