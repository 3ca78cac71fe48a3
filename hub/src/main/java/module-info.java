/** Models by their names on the Hugging Face Hub, in the cache that Python shares. */
module io.bridgetower.hub {
    requires io.bridgetower.files;
    requires io.bridgetower.model;
    requires java.net.http;

    exports io.bridgetower.hub;
}
