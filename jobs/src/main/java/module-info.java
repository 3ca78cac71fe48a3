/** Offline jobs: any number of pairs of pictures and texts, in bounded memory. */
module io.bridgetower.jobs {
    requires com.fasterxml.jackson.core;
    requires de.siegmar.fastcsv;
    requires transitive io.bridgetower.model;
    requires transitive io.bridgetower.processor;

    exports io.bridgetower.jobs;
}
