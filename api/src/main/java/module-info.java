/** BridgeTower in one class: load a model, then score, rank, complete and embed images and texts. */
module io.bridgetower {
    requires java.net.http;
    requires transitive io.bridgetower.hub;
    requires transitive io.bridgetower.model;
    requires transitive io.bridgetower.processor;

    exports io.bridgetower;
    exports io.bridgetower.inputs;
}
