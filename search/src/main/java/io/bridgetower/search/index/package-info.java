/** Indexes of embeddings on disk, and exact search in them. */
package io.bridgetower.search.index;
