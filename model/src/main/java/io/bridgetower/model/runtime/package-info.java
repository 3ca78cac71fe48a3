/**
 * What a loaded model owns and how its calls run: weights, threads, workspaces, results. Begin with {@link
 * io.bridgetower.model.runtime.ModelMemory}; {@link io.bridgetower.model.runtime.BatchRunner} shares a batch out.
 */
package io.bridgetower.model.runtime;
