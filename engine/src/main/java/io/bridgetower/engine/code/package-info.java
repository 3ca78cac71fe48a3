/**
 * Machine code that Java writes itself, for what C2 does not make of the Vector API. Only where Linux on x86-64 runs it and the
 * user has allowed native access; whoever uses it has another way too.
 */
package io.bridgetower.engine.code;
