/**
 * BridgeTower for LangChain4j: an embedding model of texts, images and both together, and a scoring model that ranks images
 * by how well a query describes them. Both run in the process, on a {@link io.bridgetower.BridgeTower} that the caller owns.
 */
package io.bridgetower.langchain4j;
