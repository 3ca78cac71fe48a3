/**
 * What every kernel works with: the {@link io.bridgetower.engine.runtime.Workspace} of a computation, its matrices and
 * its workers. Begin with {@code Workspace}.
 */
package io.bridgetower.engine.runtime;
