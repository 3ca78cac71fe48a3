/**
 * The only code that chooses vectors: {@link io.bridgetower.engine.vector.Lanes} is their width, {@code Vectors} loads and
 * stores them, {@code VectorMath} computes exp, erf, tanh and sigmoid.
 */
package io.bridgetower.engine.vector;
