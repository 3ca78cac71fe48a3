/** What the server counts and measures, for Prometheus. */
package io.bridgetower.server.metrics;
