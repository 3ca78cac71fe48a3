/** BridgeTower: its configuration, checkpoints, towers, bridges and heads. */
module io.bridgetower.model {
    requires com.fasterxml.jackson.core;
    requires java.management;
    requires transitive io.bridgetower.engine;
    requires transitive io.bridgetower.files;

    exports io.bridgetower.model;
    exports io.bridgetower.model.checkpoint;
    exports io.bridgetower.model.checkpoint.safetensors;
    exports io.bridgetower.model.checkpoint.tensor;
    exports io.bridgetower.model.config;
    exports io.bridgetower.model.init;
    exports io.bridgetower.model.inputs;
    exports io.bridgetower.model.outputs;
}
