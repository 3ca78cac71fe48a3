/**
 * A server of BridgeTower models over HTTP: {@link io.bridgetower.server.BridgeTowerServer} and its {@link
 * io.bridgetower.server.ServerOptions}. Below it, {@code http} knows requests, {@code routes} what they ask for, {@code json} their
 * bodies, {@code compute} how they are admitted and computed, {@code metrics} what is counted.
 */
package io.bridgetower.server;
