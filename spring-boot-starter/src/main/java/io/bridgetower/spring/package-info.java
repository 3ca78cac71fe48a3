/**
 * BridgeTower for Spring Boot and Spring AI: beans for embeddings of texts, images and documents, for ranking documents by their
 * images, for health and for metrics. Properties are in {@link io.bridgetower.spring.BridgeTowerProperties}.
 */
package io.bridgetower.spring;
