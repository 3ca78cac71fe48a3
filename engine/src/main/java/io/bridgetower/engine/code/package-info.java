/**
 * Machine code that Java writes itself, for what C2 does not make of the Vector API. It runs on Linux on x86-64, if the user has
 * allowed native access; callers fall back to the Vector API elsewhere.
 */
package io.bridgetower.engine.code;
