/** The {@code bridgetower} command. */
module io.bridgetower.cli {
    requires io.bridgetower.hub;
    requires io.bridgetower.jobs;
    requires io.bridgetower.model;
    requires io.bridgetower.processor;
    requires io.bridgetower.search;
    requires info.picocli;
    requires com.fasterxml.jackson.core;
    requires java.logging;

    opens io.bridgetower.cli to
            info.picocli;
}
