/** Search among images and captions: embeddings propose, matching decides. */
module io.bridgetower.search {
    requires com.fasterxml.jackson.core;
    requires org.apache.lucene.core;
    requires transitive io.bridgetower;

    exports io.bridgetower.search;
    exports io.bridgetower.search.index;
}
