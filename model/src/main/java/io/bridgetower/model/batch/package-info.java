/**
 * How a batch lies in memory: rows of texts and images, what attends to what, and the states that bridges hand over.
 */
package io.bridgetower.model.batch;
