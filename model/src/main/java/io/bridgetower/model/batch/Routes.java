package io.bridgetower.model.batch;

/**
 * Which rows of one side of a cross-modal layer attend to which.
 *
 * @param self from this side's rows to all of this side
 * @param cross from this side's rows to the other side
 */
public record Routes(Route self, Route cross) {}
