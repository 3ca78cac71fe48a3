/** Offline jobs: any number of pairs of images and texts, in bounded memory. */
module io.bridgetower.jobs {
    requires com.fasterxml.jackson.core;
    requires de.siegmar.fastcsv;
    requires transitive io.bridgetower;

    exports io.bridgetower.jobs;
    exports io.bridgetower.jobs.rows;
    exports io.bridgetower.jobs.table;
}
