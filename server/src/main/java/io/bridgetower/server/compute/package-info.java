/**
 * What the server computes: requests are admitted by their estimated time, their items queue fairly, and one thread computes
 * them in batches across requests. Begin with {@link io.bridgetower.server.compute.Scheduler}.
 */
package io.bridgetower.server.compute;
